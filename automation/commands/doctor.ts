import type { Target } from "../cli/model.js";
import { done, failed, messageOf, type Outcome } from "../cli/outcome.js";
import type { Engine } from "../deploy/engine.js";
import {
  type Controller,
  controllersOf,
  type EnvRecord,
  flag,
  listEnvs,
  readEnv,
  type StackRecord,
} from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { unheard } from "../estate/subscriptions.js";
import { lookAtAll } from "../estate/watch.js";
import { type Finding, fine, problem } from "../tools.js";
import { lockText } from "./cancel.js";
import { forAws } from "./doctor-aws.js";
import { countText } from "./status.js";

type Variables = Readonly<Record<string, string>>;

export interface DoctorArgs {
  readonly env: string;
  /** Where an environment that is not deployed yet is to go. */
  readonly target?: Target;
}

/** Looks whether everything is in order: a line each, and what to do about what is not. Changes nothing. */
export async function doctor(args: DoctorArgs, deps: Deps): Promise<Outcome> {
  const findings = [...(await deps.tools())];
  const sandbox = await sandboxOf(deps);
  findings.push(sandbox.finding);
  const record = await readEnv(deps.places, args.env);
  if ((record?.target ?? args.target) === "aws") findings.push(...(await forAws(args.env, record, deps)));
  const others = (await listEnvs(deps.places)).filter((name) => name !== args.env);
  if (record) findings.push(...(await environment(record, sandbox.variables, deps)));
  else findings.push(fine(`environment "${args.env}"`, `not deployed; \`lockstep up${flag(args.env)}\` deploys it`));
  if (others.length > 0) findings.push(fine("other environments", `${others.join(", ")}; look at them with --env`));
  const text = findings.map((f) => `${f.ok ? "ok     " : "problem"}  ${f.what}: ${f.text}`).join("\n");
  return findings.every((f) => f.ok) ? done({ findings }, text) : failed({ findings }, text);
}

async function sandboxOf(deps: Deps): Promise<{ finding: Finding; variables: Variables | undefined }> {
  try {
    const variables = await deps.sandbox.variables();
    const text = variables ? `up at ${variables["AWS_ENDPOINT_URL"]}` : "down; `lockstep sandbox up` starts it";
    return { finding: fine("sandbox", text), variables };
  } catch (error) {
    return { finding: problem("sandbox", messageOf(error)), variables: undefined };
  }
}

/** An environment from the outside in: who we are, then each stack. */
async function environment(record: EnvRecord, sandbox: Variables | undefined, deps: Deps): Promise<Finding[]> {
  const what = `environment "${record.env}"`;
  if (record.target === "sandbox" && !sandbox)
    return [problem(what, "it is in the sandbox, which is not up. Start it with `lockstep sandbox up`.")];
  const variables = record.target === "sandbox" ? (sandbox ?? {}) : {};
  const findings = [fine(what, `on ${record.target}, deployment ${record.deployment}`)];
  const estate = await deps.estate(record, variables).catch((error: unknown) => error);
  const engine = await deps.engine(variables);
  for (const stack of record.stacks)
    findings.push(await lockOf(stack, record, engine), await reach(stack, record, engine));
  if (!isEstate(estate)) return [...findings, problem("credentials", messageOf(estate))];
  findings.push(fine("credentials", `account ${estate.account}`));
  for (const stack of controllersOf(record)) findings.push(await alerts(stack, estate));
  return [...findings, await protection(record, estate)];
}

/** What `status` says, in short. */
async function protection({ env }: EnvRecord, estate: Estate): Promise<Finding> {
  const what = "recovery points";
  try {
    const { problems } = await lookAtAll(estate);
    if (problems.length === 0) return fine(what, "no problems");
    const causes = [...new Set(problems.map(({ cause }) => cause))].toSorted().join(", ");
    return problem(what, `${countText(problems.length)} (${causes}); \`lockstep status${flag(env)}\` lists them.`);
  } catch (error) {
    return problem(what, messageOf(error));
  }
}

const isEstate = (value: unknown): value is Awaited<ReturnType<Deps["estate"]>> =>
  typeof value === "object" && value !== null && "listeners" in value;

const named = (stack: StackRecord, aspect: string) => `${aspect} of ${stack.id} (${stack.region})`;

async function lockOf(stack: StackRecord, { env }: EnvRecord, engine: Engine): Promise<Finding> {
  const what = named(stack, "lock");
  const locks = await engine.locks(stack);
  if (locks === undefined) return fine(what, "its backend does not tell; `lockstep cancel` takes one away");
  if (locks.length === 0) return fine(what, "none");
  const isStale = locks.some((lock) => lock.alive !== true);
  if (!isStale) return fine(what, `${lockText(locks)}, which is at work`);
  return problem(what, `${lockText(locks)}. \`lockstep cancel${flag(env)}\` takes it away.`);
}

async function reach(stack: StackRecord, { env }: EnvRecord, engine: Engine): Promise<Finding> {
  const what = named(stack, "state");
  const again = `Run \`lockstep up${flag(env)}\`.`;
  try {
    const outputs = await engine.outputs(env, stack);
    if (!outputs) return problem(what, `the stack is not there. ${again}`);
    const open = await engine.interrupted(env, stack);
    if (open.length > 0) return problem(what, `a run was interrupted at ${open.join(", ")}. ${again}`);
    return Object.keys(outputs).length > 0 ? fine(what, "reachable") : problem(what, `it was never finished. ${again}`);
  } catch (error) {
    return problem(what, `it cannot be read: ${messageOf(error).split("\n")[0]}`);
  }
}

async function alerts(stack: Controller, estate: Estate): Promise<Finding> {
  const what = named(stack, "alerts");
  try {
    const listeners = await estate.listeners(stack);
    const wrong = unheard(listeners);
    return wrong.length === 0
      ? fine(what, `${listeners.confirmed} subscription(s) confirmed`)
      : problem(what, `${wrong.map(({ why }) => why).join("; ")}.`);
  } catch (error) {
    return problem(what, messageOf(error));
  }
}
