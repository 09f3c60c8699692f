import { CommandProblem, type Outcome } from "../automation/cli/outcome.js";
import { allOf } from "../automation/cli/progress.js";
import { down } from "../automation/commands/down.js";
import { up } from "../automation/commands/up.js";
import type { Overrides } from "../automation/deploy/config.js";
import { requireEnv } from "../automation/deploy/envs.js";
import { settingOf } from "../automation/deploy/setting.js";
import { clientConfig } from "../automation/estate/client-config.js";
import type { Deps } from "../automation/estate/deps.js";
import { variablesOf } from "../automation/estate/target.js";
import type { Policy } from "../core/model/model.js";
import { type Admin, type Calls, callsBetween } from "./admin.js";
import { Scribe } from "./data.js";
import type { Around, Day } from "./day.js";
import { Exposure } from "./exposure.js";
import { FileScribe } from "./file-data.js";
import { type Proof, prove, type Readers } from "./proof.js";
import { readersOf } from "./restored.js";
import { type DoJob, threeDays } from "./three-days.js";

/** AWS is quick, so that the days are. */
const PACE = { ec2: { snapshotMillis: 300, copyMillis: 500 }, fsx: { backupMillis: 300, copyMillis: 500 } };

/** Due once a day, and keeping less than the tracked policies, so that three days show what retention does. */
const DAILY = "cron(0 3 * * ? *)";
const RETAIN = { home: { count: 2 }, copy: { count: 1 } };

export interface JourneyResult {
  readonly days: readonly Day[];
  readonly proofs: readonly Proof[];
  readonly exposure: Exposure;
  readonly calls: Calls;
  readonly problems: readonly string[];
  /** How long each part took, really. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Three days of the sandbox's time: deploy both regions, back up, copy, prune, and look whether it is so. */
export async function journey(env: string, deps: Deps, admin: Admin): Promise<JourneyResult> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const began = deps.now();
    const result = await work();
    seconds[part] = Math.round((deps.now() - began) / 100) / 10;
    return result;
  };
  const job: DoJob = (title, run) =>
    timed(title, async () => {
      const [result] = allOf(await deps.progress.together([{ title, run }]));
      // The only job has a result, or allOf has thrown.
      return result as Awaited<ReturnType<typeof run>>;
    });
  const before = await admin.calls();
  const config = await demoConfig(env, deps);
  must(await timed("deploy", () => up({ env, target: "sandbox", workload: true, config }, deps)));
  const record = await requireEnv(deps.places, env);
  const variables = await variablesOf(record.target, deps);
  const estate = await deps.estate(record, variables);
  const scribes = { scribe: new Scribe(admin), files: new FileScribe(admin) };
  const around: Around = { estate, admin, deps, ...scribes, exposure: new Exposure() };
  const usual = await admin.setPace(PACE);
  // A sandbox that ended meanwhile has no pace to restore, and why it ended is worth more.
  const days = await threeDays(DAILY, around, job).finally(() => admin.setPace(usual).catch(() => usual));
  const calls = callsBetween(before, await admin.calls());
  const readers = readersOf({ admin, deps, config: (region) => clientConfig(region, variables) });
  const proofs = await job("reading the copies back", () => proofsOf(days, around, readers));
  return { days, proofs, exposure: around.exposure, calls, seconds, problems: problemsOf(days, proofs) };
}

async function proofsOf(days: readonly Day[], { estate, exposure }: Around, readers: Readers): Promise<Proof[]> {
  const worlds = await estate.worlds();
  exposure.observe(worlds);
  const held = days.at(-1)?.held ?? { volumes: new Map(), files: new Map() };
  return prove(worlds, { made: days.length, held }, readers);
}

function problemsOf(days: readonly Day[], proofs: readonly Proof[]): string[] {
  const regions = [...new Set(days.flatMap(({ expired }) => Object.keys(expired)))];
  const kept = regions.filter((region) => days.every(({ expired }) => (expired[region] ?? 0) === 0));
  return [
    ...days.flatMap(({ problems }) => problems),
    ...proofs.flatMap(({ problems }) => problems),
    ...kept.map((region) => `retention expired nothing in ${region}`),
    ...(proofs.length === 0 ? ["no policy selects a resource"] : []),
  ];
}

/** The tracked policies with a schedule and a retention for three days. */
async function demoConfig(env: string, deps: Deps): Promise<Overrides> {
  const { project, stacks } = await deps.config(env, {});
  const primary = stacks.find((s) => s.record.role === "primary");
  const policies = primary && settingOf(project, primary.settings, "lockstep:policies");
  if (!Array.isArray(policies)) throw new CommandProblem("usage", "lockstep:policies must be a list of policies.");
  return {
    // Whatever the tracked files say: somebody may be trying out what would happen.
    "lockstep:mode": "act",
    // Events are gathered for less time than on AWS, so that nobody waits.
    "lockstep:batchSeconds": 1,
    "lockstep:policies": policies.map(({ timezone: _, ...policy }: Policy) => ({
      ...policy,
      schedule: DAILY,
      retain: RETAIN.home,
      copy: policy.copy.map((rule) => ({ ...rule, retain: RETAIN.copy })),
    })),
  };
}

/** Removes what the journey deployed. */
export async function cleanUp(env: string, deps: Deps): Promise<void> {
  must(await down({ env, yes: false }, deps));
}

function must(outcome: Outcome): void {
  if (outcome.ending !== "done") throw new CommandProblem(outcome.ending, outcome.text);
}
