import * as v from "valibot";
import { kindOfWorkflow } from "../../core/names/names.js";
import type { Heard, KindEvents } from "../../kinds/event.js";
import { causeOf } from "../../kinds/lib/errors.js";
import { parseInput } from "../../kinds/lib/input.js";

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

/** AWS adds fields to its events, so only what is used is checked. */
const AwsEvent = v.looseObject({ source: v.string(), region: v.string(), detail: v.unknown() });

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

const STATES = "aws.states";
const Execution = v.looseObject({ stateMachineArn: v.string(), status: v.string() });

/** The events of each kind. */
export type EventTable = Readonly<Record<string, KindEvents | undefined>>;

/** An event of a kind. */
export interface Seen extends Heard {
  readonly kind: string;
  readonly from: string;
}

/** A message that is no event of any kind. */
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
export function parseTrigger(raw: unknown, table: EventTable): OurEvent | EventBatch {
  if (typeof raw !== "object" || raw === null || !("Records" in raw)) {
    return parseInput(Ours, raw, "the trigger's event");
  }
  const events: Seen[] = [];
  const unreadable: Unreadable[] = [];
  for (const { messageId, body } of parseInput(Batch, raw, "the batch of events").Records) {
    try {
      events.push(eventIn(body, table));
    } catch (error) {
      unreadable.push({ messageId, problem: causeOf(error).message });
    }
  }
  return { kind: "batch", events, unreadable };
}

function eventIn(body: string, table: EventTable): Seen {
  const { source, region: from, detail } = parseInput(AwsEvent, JSON.parse(body), "the event of AWS");
  if (source === STATES) return { from, ...workflowIn(detail, table) };
  const [kind, events] = Object.entries(table).find(([, one]) => one?.source === source) ?? [];
  if (kind === undefined || events === undefined) throw new Error(`no kind hears of the source ${source}`);
  return { kind, from, ...events.read(detail) };
}

/** A workflow of a kind ended, well or badly: the survey asks how. */
function workflowIn(detail: unknown, table: EventTable): Omit<Seen, "from"> {
  const { stateMachineArn, status } = parseInput(Execution, detail, "the event of Step Functions");
  const machine = stateMachineArn.slice(stateMachineArn.lastIndexOf(":") + 1);
  const kind = kindOfWorkflow(machine);
  if (kind === undefined || !Object.hasOwn(table, kind)) throw new Error(`${machine} is no workflow of a kind`);
  return { kind, what: `workflow ${status}`, matters: status !== "RUNNING" };
}
