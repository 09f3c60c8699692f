import { Metrics } from "@aws-lambda-powertools/metrics";
import { stub } from "sinon";
import type { RulesTable } from "../../../core/model/kind.js";
import type { Action, Alert, Inventory, Resource } from "../../../core/model/model.js";
import { NAMESPACE } from "../../../core/names/metrics.js";
import { runKeys } from "../../../core/names/names.js";
import type { Result } from "../../../functions/execute/result.js";
import { type Emit, emitTo } from "../../../functions/lib/emf.js";
import { makeRecord } from "../../../functions/record/record.js";
import type { Message } from "../../../functions/store/alerts.js";
import { makeLease } from "../../../functions/store/lease.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import type { FoundStray } from "../../../functions/store/survey-file.js";
import { RULES } from "../../../kinds/rules.js";
import { DR, HOME, RUN, T0 } from "../executors.js";
import { Clock, MemoryBucket, MemoryTable, memoryLog } from "../fakes.js";

/** Views, worlds and results as a run of `record` finds them. */
export const seen = { complete: true, asOf: T0, resources: [], points: [], copiesInFlight: 0 } as const;
export const gone = { complete: false, reason: "no answer" } as const;

interface WorldInput extends Partial<Inventory> {
  /** What lives at home, where that was seen. */
  readonly resources?: readonly Resource[];
}

const LIVING: readonly Resource[] = [
  { id: "i-0", kind: "instance", region: HOME, name: "db", tags: { backup: "daily" }, members: [] },
  { id: "i-9", kind: "instance", region: HOME, name: "web", tags: {}, members: [] },
];

function withLiving(regions: Inventory["regions"], resources: readonly Resource[]): Inventory["regions"] {
  const home = regions[HOME];
  return home?.complete ? { ...regions, [HOME]: { ...home, resources } } : regions;
}

export const world = ({
  resources = LIVING,
  regions = { [HOME]: seen, [DR]: seen },
  ...more
}: WorldInput = {}): Inventory => ({
  now: T0,
  kind: "ebs",
  home: HOME,
  policies: [
    {
      name: "daily",
      select: { key: "backup", value: "daily" },
      schedule: "rate(1 hour)",
      retain: { count: 1 },
      copy: [],
    },
  ],
  regions: withLiving(regions, resources),
  requests: [],
  limits: { copySlots: 20, copyReserve: 2 },
  ...more,
});

export const alert = (more: Partial<Alert> = {}): Alert => ({
  do: "alert",
  cause: "point-failed",
  region: HOME,
  policy: "daily",
  resource: "i-0",
  point: "lsp-0",
  reason: "vol-0: the key may not be used",
  kind: "ebs",
  ...more,
});

export const result = (more: Partial<Result> = {}): Result => ({
  outcome: "done",
  kind: "instance",
  region: HOME,
  policy: "daily",
  resource: "i-0",
  point: "lsp-0",
  artifacts: [],
  ...more,
});

interface Round {
  readonly decisions?: readonly Action[];
  readonly creates?: readonly Result[];
  readonly copies?: readonly Result[];
  readonly finishes?: readonly Result[];
  readonly deletes?: readonly Result[];
  readonly inFlight?: number;
  readonly round?: number;
  readonly refused?: Readonly<Record<string, string>>;
  readonly world?: Inventory;
  readonly strays?: readonly FoundStray[];
  readonly isAll?: boolean;
  /** That were read. @default EBS alone */
  readonly kinds?: readonly string[];
  readonly tidings?: Readonly<Record<string, number>>;
}

/** Keeps the lines that CloudWatch reads. */
export function emitInto(lines: Record<string, unknown>[]): Emit {
  // It warns of times that CloudWatch would take for too old.
  const quiet = { ...console, warn: () => undefined };
  const metrics = new Metrics({ namespace: NAMESPACE, logger: quiet });
  stub(metrics["console"], "log").callsFake((line) => lines.push(JSON.parse(String(line))));
  return emitTo(metrics);
}

/** A day between two reminders. */
export const REPEAT_MS = 86_400_000;

export function setUp({
  summary = false,
  rules = RULES,
}: {
  readonly summary?: boolean;
  readonly rules?: RulesTable;
} = {}) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const ledger = makeLedger(table);
  const log = memoryLog();
  const messages: Message[] = [];
  const mail = { down: false };
  const publish = async (message: Message) => {
    if (mail.down) throw new Error("SNS is down");
    messages.push(message);
  };
  const metrics: Record<string, unknown>[] = [];
  const emit = emitInto(metrics);
  const place = { deployment: "prod", role: "primary", region: HOME } as const;
  const deps = {
    ...place,
    bucket,
    table,
    lease,
    ledger,
    publish,
    emit,
    now: clock.now,
    log,
    summary,
    repeatAfterMs: REPEAT_MS,
    rules,
  };
  const record = makeRecord(deps);
  /** A run as the functions before leave it. */
  const run = async (round: Round = {}) => {
    const keys = runKeys(RUN);
    const creates = round.creates ?? [];
    await lease.acquire("execution-1", clock.time);
    await bucket.write(keys.survey, {
      ...{ inventories: [round.world ?? world()], strays: round.strays ?? [] },
      ...{ kinds: round.kinds ?? ["ebs"], isAll: round.isAll ?? true, tidings: round.tidings ?? {} },
    });
    await bucket.writeLines(keys.decisions, round.decisions ?? []);
    const deletes = round.deletes ?? [];
    await bucket.writeLines(keys.results("create", 0), creates);
    const copies = round.copies ?? [];
    await bucket.writeLines(keys.results("copy", 0), copies);
    await bucket.writeLines(keys.results("delete", 0), deletes);
    const finishes = round.finishes ?? [];
    await bucket.writeLines(keys.results("finalize", 0), finishes);
    const alerts = round.decisions?.length ?? 0;
    const ofPoints = { creates: creates.length, copies: copies.length, finalizes: finishes.length };
    const counts = { ...ofPoints, deletes: deletes.length, alerts };
    const plan = { runId: RUN, ...counts, inFlight: { ebs: round.inFlight ?? 0 } };
    const { round: number, refused } = round;
    const more = { ...(number === undefined ? {} : { round: number }), ...(refused === undefined ? {} : { refused }) };
    return record({ runId: RUN, plan, ...more });
  };
  const subjects = () => messages.map(({ subject }) => subject);
  return { table, bucket, clock, lease, ledger, log, mail, messages, metrics, record, run, subjects };
}
