import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentProgress } from "../../automation/cli/progress.js";
import { uninterrupted } from "../../automation/cli/signals.js";
import type { EnvConfig, Overrides } from "../../automation/deploy/config.js";
import type { Engine, StackResult } from "../../automation/deploy/engine.js";
import type { StackRecord } from "../../automation/deploy/envs.js";
import type { Lock } from "../../automation/deploy/locks.js";
import type { Approved, Deps, Estate, RunOrder } from "../../automation/estate/deps.js";
import type { Worlds } from "../../automation/estate/worlds.js";
import type { Inventory } from "../../core/model/model.js";
import type { LedgerSeen } from "../../core/report/problems.js";
import { importOf } from "../../kinds/ebs/adopt.js";
import type { SnapshotRecord } from "../../kinds/ebs/snapshots.js";
import type { Imported, TakingIn } from "../../kinds/importer.js";

export const PRIMARY: StackRecord = { id: "primary", name: "primary", role: "primary", region: "eu-west-1" };
export const DR: StackRecord = { id: "dr", name: "dr", role: "dr", region: "eu-central-1" };
const WORKLOAD: StackRecord = { id: "workload", name: "workload", role: "workload", region: "eu-west-1" };

/** What the fakes were asked to do. */
export interface Seen {
  readonly engine: string[];
  readonly triggers: RunOrder[];
  readonly questions: string[];
  readonly approvals: Approved[];
  readonly imported: Imported[];
  /** The kinds that were looked at for what others made. */
  readonly importing: string[];
}

export interface Fakes extends Deps {
  readonly seen: Seen;
  cleanUp(): Promise<void>;
}

export interface FakeOptions {
  /** False: no sandbox is up. */
  readonly sandbox?: boolean;
  /** What the tracked files set in every stack. */
  readonly tracked?: Overrides;
  /** Called for each operation of the engine; throws to fail it. */
  readonly onEngine?: (operation: string) => void;
  /** What the survey sees, each time it looks. */
  readonly world?: () => Inventory | Worlds;
  /** What the controllers know; without it that nothing is wrong. */
  readonly ledgers?: () => readonly LedgerSeen[];
  readonly takingIn?: () => TakingIn;
  readonly busy?: () => readonly string[];
  readonly who?: string;
  /** What is wrong with a region of the account. */
  readonly regionProblem?: (region: string) => string | undefined;
  /** What a person answers. */
  readonly confirm?: boolean;
  readonly locks?: readonly Lock[];
  /** Throws where AWS knows nobody. */
  readonly credentials?: () => void;
  /** What stands in the way of removing a stack; throws where that cannot be known. */
  readonly obstacles?: (stack: string) => readonly string[];
  /** Snapshots of a region that AWS is known not to delete. */
  readonly unpurgeable?: (region: string) => readonly string[];
  /** Snapshots of a region that turn out not to be deletable. */
  readonly inUse?: (region: string) => readonly string[];
  readonly unconfirmed?: readonly string[];
  /** How many subscriptions of each region are confirmed. */
  readonly confirmed?: number;
  /** All snapshots of the account in the home region. */
  readonly snapshots?: readonly SnapshotRecord[];
  /** Those that AWS refuses to tag, and why. */
  readonly refused?: ReadonlyMap<string, string>;
  /** What does not work when a test alarm is sent in a region. */
  readonly testAlarm?: (region: string) => string | undefined;
  /** The names of what a run held back. */
  readonly heldBy?: (run: string) => readonly string[];
  /** By the controller's clock. */
  readonly onTrigger?: (at: number) => void;
  /** How far the controller's clock is ahead of ours. */
  readonly ahead?: number;
}

const START = Date.parse("2026-01-01T00:00:00Z");

/** Dependencies in memory, with a folder of their own and a clock that only moves in sleeps. */
export async function fakes(options: FakeOptions = {}): Promise<Fakes> {
  const home = await mkdtemp(join(tmpdir(), "lockstep-driver-"));
  const seen: Seen = { engine: [], triggers: [], questions: [], approvals: [], imported: [], importing: [] };
  let now = START;
  const up = options.sandbox ?? true;
  return {
    seen,
    cleanUp: () => rm(home, { recursive: true }),
    places: { project: home, home },
    progress: silentProgress,
    interruption: uninterrupted(),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    sandbox: {
      variables: async () => (up ? { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } : undefined),
      command: async (verb, port) => ({ data: { verb, port }, text: verb }),
    },
    confirm: async (question) => {
      seen.questions.push(question);
      return options.confirm ?? false;
    },
    account: async (regions) => ({
      account: "111122223333",
      who: options.who ?? "arn:aws:iam::111122223333:role/deployer",
      regions: Object.fromEntries(regions.map((region) => [region, options.regionProblem?.(region)])),
    }),
    canAsk: () => options.confirm !== undefined,
    tools: async () => [{ what: "Node.js", ok: true, text: "22" }],
    config: async (env, overrides) => fakeConfig(env, { ...options.tracked, ...overrides }),
    engine: async () => fakeEngine(seen, options),
    estate: async () => {
      options.credentials?.();
      return fakeEstate(seen, options);
    },
  };
}

const fakeConfig = (env: string, config: Overrides): EnvConfig => ({
  env,
  deployment: "lockstep",
  project: { name: "lockstep", runtime: "nodejs" },
  stacks: [PRIMARY, DR, WORKLOAD].map((record) => ({ record, settings: { config: { ...config } } })),
});

function fakeEngine(seen: Seen, { onEngine, obstacles, locks = [] }: FakeOptions): Engine {
  const note = (operation: string) => {
    seen.engine.push(operation);
    onEngine?.(operation);
  };
  const step = { op: "update", type: "aws:sns/topic:Topic", name: "alerts-topic", differs: ["tags"] };
  const result = (s: StackRecord): StackResult => ({
    stack: s.id,
    region: s.region,
    changes: { create: 3 },
    outputs: {},
  });
  return {
    prepare: async ({ stacks }) => note(`prepare ${stacks.map((s) => s.record.id).join(" ")}`),
    up: async (_, stack) => {
      note(`up ${stack.id}`);
      return result(stack);
    },
    preview: async (_, stack) => {
      note(`preview ${stack.id}`);
      return { ...result(stack), steps: [step] };
    },
    refresh: async (_, stack) => {
      note(`refresh ${stack.id}`);
      return { ...result(stack), steps: stack.id === "dr" ? [step] : [] };
    },
    down: async (_, stack) => {
      note(`down ${stack.id}`);
      return result(stack);
    },
    locks: async (stack) => (stack.id === "primary" ? locks : []),
    cancel: async (_, stack) => note(`cancel ${stack.id}`),
    discard: async (_, stack) => note(`discard ${stack.id}`),
    interrupted: async () => [],
    obstacles: async (_, stack) => obstacles?.(stack.id) ?? [],
    outputs: async (_, stack) => {
      note(`outputs ${stack.id}`);
      return { table: `${stack.id}-ledger`, count: 2 };
    },
  };
}

const fakeWorlds = ({ world }: FakeOptions): Worlds => {
  const seen = world?.();
  if (seen === undefined) throw new Error("AWS cannot be reached");
  return "kind" in seen ? [seen] : seen;
};

const fakeEstate = (seen: Seen, options: FakeOptions): Estate => ({
  worlds: async () => fakeWorlds(options),
  ledgers: async () =>
    options.ledgers?.() ?? [PRIMARY, DR].map(({ region, role }) => ({ region, role, open: [], lastRun: START })),
  takingIn: async () => options.takingIn?.() ?? { watched: 0, taken: [], left: [], refused: [] },
  trigger: async (order) => {
    seen.triggers.push(order);
    const at = START + (options.ahead ?? 0);
    options.onTrigger?.(at);
    return at;
  },
  busy: async () => options.busy?.() ?? [],
  importing: async (asked, kinds) => {
    seen.importing.push(...kinds);
    const { imported, skipped, points } = importOf(options.snapshots ?? [], asked);
    const kind = "ebs";
    const of = {
      imported: imported.map((one) => ({ ...one, kind })),
      skipped: skipped.map((one) => ({ ...one, kind })),
    };
    return { ...of, points };
  },
  import: async (imported) => {
    seen.imported.push(...imported);
    return options.refused ?? new Map();
  },
  testAlarm: async (stack) => {
    seen.engine.push(`test alarm ${stack.id}`);
    return options.testAlarm?.(stack.region);
  },
  heldBy: async (run) => options.heldBy?.(run) ?? [],
  approve: async (approval) => {
    seen.approvals.push(approval);
  },
  runs: async () => [],
  unpurgeable: async (region) => options.unpurgeable?.(region) ?? [],
  purge: async (region) => {
    seen.engine.push(`purge ${region}`);
    return { deleted: 4, kept: options.inUse?.(region) ?? [] };
  },
  account: "000000000000",
  listeners: async (stack) => ({
    confirmed: options.confirmed ?? 1,
    waiting: stack.id === "primary" ? (options.unconfirmed ?? []) : [],
  }),
});
