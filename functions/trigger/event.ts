import * as v from "valibot";
import { parseInput } from "../lib/input.js";

const Ours = v.variant("kind", [
  v.strictObject({ kind: v.literal("schedule"), policy: v.pipe(v.string(), v.nonEmpty()) }),
  v.strictObject({ kind: v.literal("tick") }),
  v.strictObject({
    kind: v.literal("run"),
    policy: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
    resources: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.nonEmpty())),
  }),
]);
export type OurEvent = v.InferOutput<typeof Ours>;

/** AWS adds fields to its events, so only what is used is checked (user guide, Amazon EventBridge for Amazon EBS). */
const Ec2Event = v.looseObject({
  source: v.literal("aws.ec2"),
  region: v.string(),
  detail: v.looseObject({ event: v.string(), result: v.optional(v.string()) }),
});

/** Ends of snapshots, sets and copies, well or badly: others (shared, deleted, ...) change nothing that a plan depends on. */
const MATTER = new Set(["createSnapshot", "createSnapshots", "copySnapshot"]);

export interface Seen {
  readonly kind: "event";
  readonly event: string;
  readonly result: string;
  readonly from: string;
  readonly matters: boolean;
}

/** What started the trigger: one of our own inputs, or an event of EC2. */
export function parseTrigger(raw: unknown): OurEvent | Seen {
  if (typeof raw !== "object" || raw === null || !("source" in raw))
    return parseInput(Ours, raw, "the trigger's event");
  const { detail, region } = parseInput(Ec2Event, raw, "the event of aws.ec2");
  const { event, result = "" } = detail;
  return { kind: "event", event, result, from: region, matters: MATTER.has(event) };
}
