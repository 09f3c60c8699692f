import * as v from "valibot";
import type { ServiceEvent } from "../plane.js";

/** What happens to the next events that fit: AWS delivers events of services at least once, on a best effort. */
export interface EventFault {
  /** Only events of this detail-type; any without it. */
  readonly detailType?: string;
  /** Only events whose `detail.event` is this, as `copySnapshot`; any without it. */
  readonly event?: string;
  readonly mode: "lost" | "doubled" | "late";
  /** How late an event that comes late is. @default 1000 */
  readonly millis?: number;
  /** How many events it hits before it is used up. */
  readonly times: number;
}

/** Faults asked for and not yet used up. */
export class Faults {
  #pending: EventFault[] = [];

  add(fault: EventFault): void {
    this.#pending.push(fault);
  }

  list(): readonly EventFault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** After how many milliseconds to deliver the event, each time. Uses up the first fault that fits. */
  deliveries(event: ServiceEvent): readonly number[] {
    const index = this.#pending.findIndex(
      (fault) =>
        (fault.detailType === undefined || fault.detailType === event.detailType) &&
        (fault.event === undefined || fault.event === event.detail["event"]),
    );
    const fault = this.#pending[index];
    if (!fault) return [0];
    const left = { ...fault, times: fault.times - 1 };
    this.#pending.splice(index, 1, ...(left.times > 0 ? [left] : []));
    switch (fault.mode) {
      case "lost":
        return [];
      case "doubled":
        return [0, 0];
      case "late":
        return [fault.millis ?? 1000];
    }
  }
}

/** A pending snapshot or copy that fails now. */
export interface SnapshotFault {
  readonly region: string;
  readonly snapshotId: string;
  readonly cause: string;
}

const text = v.pipe(v.string(), v.nonEmpty());

const EventSchema = v.strictObject({
  detailType: v.exactOptional(text),
  event: v.exactOptional(text),
  mode: v.picklist(["lost", "doubled", "late"]),
  millis: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});

const SnapshotSchema = v.strictObject({ region: text, snapshotId: text, cause: text });

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

const FaultsSchema = v.strictObject({ events: some(EventSchema), snapshots: some(SnapshotSchema) });

/** Reads the body of POST /_lockstep/faults. Throws what is wrong with it. */
export function parseFaults(body: unknown): { events: EventFault[]; snapshots: SnapshotFault[] } {
  const read = v.safeParse(FaultsSchema, body);
  if (read.success) return read.output;
  throw new Error(read.issues.map((issue) => `${v.getDotPath(issue) ?? "faults"}: ${issue.message}`).join("; "));
}
