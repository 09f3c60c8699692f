import type { Target } from "../automation/cli/model.js";
import { messageOf, type Outcome } from "../automation/cli/outcome.js";
import { uninterrupted } from "../automation/cli/signals.js";
import { down } from "../automation/commands/down.js";
import { plan } from "../automation/commands/plan.js";
import { run } from "../automation/commands/run.js";
import { status } from "../automation/commands/status.js";
import { up } from "../automation/commands/up.js";
import type { EnvConfig } from "../automation/deploy/config.js";
import type { Deps } from "../automation/estate/deps.js";
import type { Status } from "../core/report/status.js";
import type { Side } from "./model.js";

/** A step of the journey and how it ended. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  /** Of a failed one, why. */
  readonly why?: string;
}

export interface JourneyOptions {
  /** Name of the environment, which is new. */
  readonly env: string;
  readonly target: Target;
  readonly regions: Readonly<Record<Side, string>>;
  /** Image of the instances. */
  readonly ami: string;
  readonly timeoutMs: number;
}

/**
 * Deploys an environment of its own with the driver's own code, makes recovery points, looks at them, and removes everything.
 * The steps that were taken; removal is always the last, also after a failure or an interruption.
 */
export async function journey(options: JourneyOptions, deps: Deps): Promise<Step[]> {
  const { env, target } = options;
  const own: Deps = { ...deps, config: async (name, over) => adapted(await deps.config(name, over), options) };
  const steps: Step[] = [];
  const take = async (step: string, work: () => Promise<Outcome>): Promise<boolean> => {
    const outcome = await work().catch((error: unknown) => ({ ending: "failed" as const, text: messageOf(error) }));
    const ok = outcome.ending === "done";
    steps.push({ step, ok, ...(ok ? {} : { why: outcome.text }) });
    return ok && !deps.interruption.signal.aborted;
  };
  try {
    const isUp = await take("up", () => up({ env, target, workload: true, yes: true }, own));
    if (!isUp) return steps;
    const order = { env, resources: [], wait: true, yes: false, timeoutMs: options.timeoutMs };
    if (!(await take("run", () => run(order, own)))) return steps;
    if (!(await take("status", () => withoutProblems(env, own)))) return steps;
    await take("plan", () => nothingToDo(env, own));
    return steps;
  } finally {
    // Whoever interrupts wants an end, not a bill.
    const resting = { ...own, interruption: uninterrupted() };
    await take("down", () => down({ env, yes: true, purge: true }, resting));
  }
}

/** A status with problems is a failure here. */
async function withoutProblems(env: string, deps: Deps): Promise<Outcome> {
  const outcome = await status({ env }, deps);
  // The shape that `status --json` is documented with.
  const { problems, resources } = outcome.data as Pick<Status, "problems" | "resources">;
  const wrong = problems.map(({ resource, cause, reason }) => `${resource || cause}: ${reason}`);
  if (resources.length === 0) wrong.push("no resource is protected");
  // It has no addresses: that nobody is told of its alerts is as it should be here.
  return wrong.length === 0 ? { ...outcome, ending: "done" } : { ...outcome, ending: "failed", text: wrong.join("\n") };
}

async function nothingToDo(env: string, deps: Deps): Promise<Outcome> {
  const outcome = await plan({ env, all: false }, deps);
  const { actions } = outcome.data as { actions: readonly unknown[] };
  return actions.length === 0 ? outcome : { ...outcome, ending: "failed" };
}

/** Our regions, and a policy that selects by a tag of our own: nothing that was there before is touched. */
function adapted(config: EnvConfig, { env, regions, ami }: JourneyOptions): EnvConfig {
  // One instance is protected. A NAT gateway costs by the hour, and nothing here needs one.
  const tiers = { data: { count: 1, tags: { Backup: env } } };
  const workload = { ami, network: { natGateways: "None" }, tiers };
  const policies = [
    {
      name: "smoke",
      select: { key: "Backup", value: env },
      schedule: "rate(1 day)",
      retain: { count: 1 },
      copy: [{ region: regions.away, retain: { count: 1 } }],
    },
  ];
  const stacks = config.stacks.map(({ record, settings }) => {
    const side: Side = record.role === "dr" ? "away" : "home";
    const peer = side === "home" ? "away" : "home";
    const { "lockstep:peers": _peers, ...rest } = settings.config ?? {};
    const common = { ...rest, "aws:region": regions[side] };
    const own =
      record.role === "workload"
        ? { "lockstep:workload": workload }
        : {
            "lockstep:mode": "act",
            "lockstep:peers": [regions[peer]],
            "lockstep:policies": policies,
            "lockstep:protect": false,
            "lockstep:emails": [],
          };
    return { record: { ...record, region: regions[side] }, settings: { ...settings, config: { ...common, ...own } } };
  });
  return { ...config, stacks };
}
