import * as v from "valibot";
import { parseInput } from "../../kinds/lib/input.js";
import { Count, RunId } from "../lib/fields.js";

const Planned = v.strictObject({
  runId: RunId,
  creates: Count,
  copies: Count,
  /** Absent in executions that an older definition started. */
  finalizes: v.optional(Count, 0),
  deletes: Count,
  alerts: Count,
  inFlight: v.record(v.string(), Count),
});
/** Which look of its execution a run is; absent in executions that an older definition started. */
const Round = v.optional(Count, 1);
const Ended = v.strictObject({
  runId: RunId,
  round: Round,
  plan: Planned,
  /** By kind what of others' artifacts could not be taken in; only where a policy wants them. */
  refused: v.optional(v.record(v.string(), v.string()), {}),
});
export type Ended = v.InferOutput<typeof Ended>;

/** What Step Functions hands to a Catch. */
const Failed = v.strictObject({
  execution: v.pipe(v.string(), v.nonEmpty()),
  error: v.looseObject({ Error: v.string(), Cause: v.optional(v.string(), "") }),
});
export type Failed = v.InferOutput<typeof Failed>;

/** Somebody tries whether people are told. */
const Test = v.strictObject({ test: v.literal(true) });

/** A run that came to its end, the error that stopped it, or a test. */
export function parseRecord(raw: unknown): { ended: Ended } | { failed: Failed } | { test: true } {
  if (typeof raw === "object" && raw !== null && "test" in raw) return parseInput(Test, raw, "the event of record");
  const failed = typeof raw === "object" && raw !== null && "error" in raw;
  return failed
    ? { failed: parseInput(Failed, raw, "the event of record") }
    : { ended: parseInput(Ended, raw, "the event of record") };
}
