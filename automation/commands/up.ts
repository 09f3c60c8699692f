import { consent } from "../cli/consent.js";
import type { Target } from "../cli/model.js";
import { done, failed, type Outcome } from "../cli/outcome.js";
import type { EnvConfig, Overrides } from "../deploy/config.js";
import type { Engine } from "../deploy/engine.js";
import { type EnvRecord, flag, readEnv, writeEnv } from "../deploy/envs.js";
import { settingOf } from "../deploy/setting.js";
import type { Deps } from "../estate/deps.js";
import { chooseTarget, variablesOf } from "../estate/target.js";
import { notTold, tryAlarms, unheardIn } from "./alarm.js";
import { changesText } from "./results.js";
import { onStacks, type Pending } from "./stacks.js";

const PROTECT = "lockstep:protect";

export interface UpArgs extends Pending {
  readonly env: string;
  readonly target?: Target;
  /** Also the environment worth protecting. */
  readonly workload: boolean;
  /** Without asking, where it goes to AWS. */
  readonly yes?: boolean;
  /** Settings for this environment only; those of the last time without them. */
  readonly config?: Overrides;
}

/** Deploys all stacks of an environment, side by side. Repeating it converges. */
export async function up(args: UpArgs, deps: Deps): Promise<Outcome> {
  const { record, config, engine } = await intended(args, deps);
  if (record.target === "aws" && args.yes !== true) await askFirst(args, record, deps);
  // First what is to be, so that `down` finds also what an interruption left half done.
  await writeEnv(deps.places, record);
  await engine.prepare(config);
  const ended = await onStacks(record.stacks, deps, (stack, options) => engine.up(args.env, stack, options), args);
  if ("failure" in ended) return ended.failure;
  const stacks = Object.fromEntries(ended.results.map(({ stack, ...rest }) => [stack, rest]));
  const data = { env: args.env, target: record.target, stacks };
  const text = ended.results.map(changesText);
  // What was made or replaced may be what tells people.
  const made = ended.results.filter(({ changes }) => (changes["create"] ?? 0) + (changes["replace"] ?? 0) > 0);
  const tried = record.stacks.filter(({ id }) => made.some(({ stack }) => stack === id));
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const told = await tryAlarms(tried, estate);
  const wrong = notTold(told);
  const unconfirmed = await unheardIn(record, estate);
  const lines = [...text, ...wrong, ...unconfirmed].join("\n");
  const all = { ...data, told, unconfirmed };
  return wrong.length > 0 ? failed(all, lines) : done(all, lines);
}

/** A real account is somebody's money, and perhaps not the one that was meant. */
async function askFirst(args: UpArgs, record: EnvRecord, deps: Deps): Promise<void> {
  const { account } = await deps.estate(record, {});
  const stacks = record.stacks.map((s) => `${s.name} (${s.region})`).join(" and ");
  const options = `${flag(args.env)} --target aws${args.workload ? " --workload" : ""}`;
  const what = `This deploys ${stacks} to account ${account} on AWS, which bills for what they use.`;
  await consent(what, `lockstep up${options} --yes`, deps);
}

export interface Intended {
  readonly before: EnvRecord | undefined;
  readonly record: EnvRecord;
  readonly config: EnvConfig;
  readonly engine: Engine;
}

/** What `up` would deploy, and where. */
export async function intended(args: UpArgs, deps: Deps): Promise<Intended> {
  const before = await readEnv(deps.places, args.env);
  const target = await chooseTarget(args.target, before, deps);
  const engine = await deps.engine(await variablesOf(target, deps));
  const own = args.config ?? before?.config ?? {};
  // What lies in the sandbox is worth nothing: everything in it may go.
  const all = await deps.config(args.env, target === "sandbox" ? { ...own, [PROTECT]: false } : own);
  const wanted = all.stacks.filter(
    ({ record }) => record.role !== "workload" || args.workload || before?.stacks.some((s) => s.id === record.id),
  );
  const config = { ...all, stacks: wanted };
  const stacks = wanted.map((s) => s.record);
  const record = { env: args.env, target, deployment: all.deployment, stacks };
  return { before, engine, config, record: { ...record, protected: isProtected(config), config: own } };
}

/** Whether any stack's data refuses to be destroyed: the program's default is that it does. */
const isProtected = ({ project, stacks }: EnvConfig): boolean =>
  stacks.some(({ record, settings }) => {
    const value = settingOf(project, settings, PROTECT);
    return record.role !== "workload" && value !== false && value !== "false";
  });
