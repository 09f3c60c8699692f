import * as v from "valibot";
import { CALL_MODES, type CallFault, CallFaults } from "./calls.js";
import { BACKUP_EVENTS, type EndingFault, EndingFaults, SNAPSHOT_EVENTS } from "./endings.js";
import { type EventFault, EventFaults } from "./events.js";

/** A pending snapshot or copy that fails now. */
export interface SnapshotFault {
  readonly region: string;
  readonly snapshotId: string;
  readonly cause: string;
}

/** A backup or copy of FSx's that becomes FAILED now, in progress or not. */
export interface BackupFault {
  readonly region: string;
  readonly backupId: string;
  readonly cause: string;
}

/** All that was asked to go wrong. */
export class Faults {
  readonly events = new EventFaults();
  readonly calls = new CallFaults();
  readonly endings = new EndingFaults();

  add({ events, calls, endings }: Wishes): void {
    for (const fault of events) this.events.add(fault);
    for (const fault of calls) this.calls.add(fault);
    for (const fault of endings) this.endings.add(fault);
  }

  list() {
    return { events: this.events.list(), calls: this.calls.list(), endings: this.endings.list() };
  }

  clear(): void {
    for (const faults of [this.events, this.calls, this.endings]) faults.clear();
  }
}

const text = v.pipe(v.string(), v.nonEmpty());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const above = v.pipe(v.number(), v.gtValue(0));

const EventSchema = v.strictObject({
  detailType: v.exactOptional(text),
  event: v.exactOptional(text),
  mode: v.picklist(["lost", "doubled", "late"]),
  millis: v.exactOptional(count),
  times: v.optional(count, 1),
});

/** What AWS answers with a 5xx, after which nobody knows whether the call was carried out (EC2 API reference, "Server error codes"). */
const SERVER_ERRORS =
  /^(Internal(Error|Failure)|(Service)?Unavailable|RequestLimitExceeded|BandwidthLimitExceeded|Insufficient\w*Capacity)$/;

const CallSchema = v.pipe(
  v.strictObject({
    service: v.exactOptional(text),
    action: v.exactOptional(text),
    region: v.exactOptional(text),
    caller: v.exactOptional(text),
    mode: v.picklist(CALL_MODES),
    percent: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 100),
    bucket: v.exactOptional(v.strictObject({ tokens: count, perSecond: above })),
    code: v.optional(text, "InternalError"),
    status: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599))),
    millis: v.optional(count, 1000),
    times: v.exactOptional(count),
  }),
  v.check(({ bucket, mode }) => bucket === undefined || mode === "throttle", "a bucket goes with throttle only"),
  v.transform((call) => ({ ...call, status: call.status ?? (SERVER_ERRORS.test(call.code) ? 500 : 400) })),
);

const EndingSchema = v.pipe(
  v.strictObject({
    event: v.exactOptional(v.picklist([...SNAPSHOT_EVENTS, ...BACKUP_EVENTS])),
    how: v.optional(v.picklist(["fail", "stuck"]), "fail"),
    region: v.exactOptional(text),
    cause: v.optional(text, "An internal error has occurred"),
    times: v.optional(count, 1),
  }),
  v.check(
    ({ event, how }) => how === "fail" || BACKUP_EVENTS.some((one) => one === event),
    `stuck goes with ${BACKUP_EVENTS.join(" and ")} only`,
  ),
);

const SnapshotSchema = v.strictObject({ region: text, snapshotId: text, cause: text });

const BackupSchema = v.strictObject({ region: text, backupId: text, cause: text });

/** One, or a list. */
const some = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((given) => [given].flat()),
      v.array(schema),
    ),
    [],
  );

const FaultsSchema = v.strictObject({
  events: some(EventSchema),
  calls: some(CallSchema),
  endings: some(EndingSchema),
  snapshots: some(SnapshotSchema),
  backups: some(BackupSchema),
});

/** What is to go wrong, with every default filled in. */
export interface Wishes {
  readonly events: readonly EventFault[];
  readonly calls: readonly CallFault[];
  readonly endings: readonly EndingFault[];
  readonly snapshots: readonly SnapshotFault[];
  readonly backups: readonly BackupFault[];
}

/** Reads the body of POST /_lockstep/faults. Throws what is wrong with it. */
export function parseFaults(body: unknown): Wishes {
  const read = v.safeParse(FaultsSchema, body);
  if (read.success) return read.output;
  throw new Error(read.issues.map((issue) => `${v.getDotPath(issue) ?? "faults"}: ${issue.message}`).join("; "));
}
