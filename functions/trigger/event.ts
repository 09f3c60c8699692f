import * as v from "valibot";
import { causeOf } from "../lib/errors.js";
import { parseInput } from "../lib/input.js";

const Ours = v.variant("kind", [
  v.strictObject({ kind: v.literal("schedule"), policy: v.pipe(v.string(), v.nonEmpty()) }),
  v.strictObject({ kind: v.literal("tick") }),
  v.strictObject({ kind: v.literal("approval") }),
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

/** What Lambda hands over of a queue (Lambda developer guide, "Using Lambda with Amazon SQS"). */
const Batch = v.looseObject({
  Records: v.array(
    v.looseObject({
      messageId: v.pipe(v.string(), v.nonEmpty()),
      eventSource: v.literal("aws:sqs"),
      body: v.string(),
    }),
  ),
});

/** Ends of snapshots, sets and copies, well or badly: others (shared, deleted, ...) change nothing that a plan depends on. */
const MATTER = new Set(["createSnapshot", "createSnapshots", "copySnapshot"]);

/** An event of EC2. */
export interface Seen {
  readonly event: string;
  readonly result: string;
  readonly from: string;
  readonly matters: boolean;
}

/** A message that is no event of EC2. */
export interface Unreadable {
  readonly messageId: string;
  readonly problem: string;
}

/** Events that were gathered, in any order, some maybe twice. */
export interface EventBatch {
  readonly kind: "batch";
  readonly events: readonly Seen[];
  readonly unreadable: readonly Unreadable[];
}

/** What started the trigger: one of our own inputs, or a batch of events from the queue. */
export function parseTrigger(raw: unknown): OurEvent | EventBatch {
  if (typeof raw !== "object" || raw === null || !("Records" in raw)) {
    return parseInput(Ours, raw, "the trigger's event");
  }
  const events: Seen[] = [];
  const unreadable: Unreadable[] = [];
  for (const { messageId, body } of parseInput(Batch, raw, "the batch of events").Records) {
    try {
      events.push(eventIn(body));
    } catch (error) {
      unreadable.push({ messageId, problem: causeOf(error).message });
    }
  }
  return { kind: "batch", events, unreadable };
}

function eventIn(body: string): Seen {
  const { detail, region } = parseInput(Ec2Event, JSON.parse(body), "the event of aws.ec2");
  const { event, result = "" } = detail;
  return { event, result, from: region, matters: MATTER.has(event) };
}
