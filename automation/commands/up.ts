import type { Target } from "../cli.js";
import type { EnvConfig, Overrides } from "../config.js";
import type { Deps } from "../deps.js";
import type { StackResult } from "../engine.js";
import { readEnv, writeEnv } from "../envs.js";
import { done, type Outcome } from "../outcome.js";
import { settingOf } from "../setting.js";
import { chooseTarget, variablesOf } from "../target.js";
import { changesText, worst } from "./results.js";

const PROTECT = "lockstep:protect";

export interface UpArgs {
  readonly env: string;
  readonly target?: Target;
  /** Also the environment worth protecting. */
  readonly workload: boolean;
  /** Settings for this environment only; those of the last time without them. */
  readonly config?: Overrides;
}

/** Deploys all stacks of an environment, side by side. Repeating it converges. */
export async function up(args: UpArgs, deps: Deps): Promise<Outcome> {
  const before = await readEnv(deps.places, args.env);
  const target = await chooseTarget(args.target, before, deps);
  const engine = await deps.engine(await variablesOf(target, deps));
  const own = args.config ?? before?.config ?? {};
  // What lies in the sandbox is worth nothing: everything in it may go.
  const config = await deps.config(args.env, target === "sandbox" ? { ...own, [PROTECT]: false } : own);
  const wanted = config.stacks.filter(
    ({ record }) => record.role !== "workload" || args.workload || before?.stacks.some((s) => s.id === record.id),
  );
  const stacks = wanted.map((s) => s.record);
  const record = { env: args.env, target, deployment: config.deployment, stacks };
  // First what is to be, so that `down` finds also what an interruption left half done.
  await writeEnv(deps.places, { ...record, protected: isProtected({ ...config, stacks: wanted }), config: own });
  await engine.prepare({ ...config, stacks: wanted });
  const settled = await deps.progress.together<StackResult>(
    stacks.map((stack) => ({
      title: `${stack.id} (${stack.region})`,
      run: (say) => engine.up(args.env, stack, { interruption: deps.interruption, say }),
    })),
  );
  const failure = worst(settled);
  if (failure) return failure;
  const results = settled.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  return done(
    {
      env: args.env,
      target,
      stacks: Object.fromEntries(results.map(({ stack, ...rest }) => [stack, rest])),
    },
    results.map(changesText).join("\n"),
  );
}

/** Whether any stack's data refuses to be destroyed: the program's default is that it does. */
const isProtected = ({ project, stacks }: EnvConfig): boolean =>
  stacks.some(({ record, settings }) => {
    const value = settingOf(project, settings, PROTECT);
    return record.role !== "workload" && value !== false && value !== "false";
  });
