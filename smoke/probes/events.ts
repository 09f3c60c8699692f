import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import * as v from "valibot";
import type { Probe, Session, Side } from "../model.js";
import { PAGES } from "./common.js";

const nameOf = (s: Session): string => `lockstep-smoke-${s.run}`;

/** An event of EBS as it arrives. */
const Event = v.object({
  source: v.string(),
  "detail-type": v.string(),
  region: v.string(),
  resources: v.array(v.string()),
  detail: v.looseObject({ event: v.string() }),
});
type Event = v.InferOutput<typeof Event>;

/** Gathers the events of EBS in a region in a queue. */
async function listen(s: Session, side: Side): Promise<void> {
  const [name, region] = [nameOf(s), s.regions[side]];
  const { QueueUrl } = await s
    .queues(side)
    .send(new CreateQueueCommand({ QueueName: name, tags: { "lockstep:smoke": s.run } }));
  s.keep(`${side}-queue`, QueueUrl);
  s.made({
    what: `queue ${name}`,
    region,
    remove: async () => {
      await s.queues(side).send(new DeleteQueueCommand({ QueueUrl }));
    },
  });
  const { Attributes } = await s
    .queues(side)
    .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const arn = Attributes?.["QueueArn"];
  const pattern = { source: ["aws.ec2"], "detail-type": [{ prefix: "EBS " }] };
  const { RuleArn } = await s
    .events(side)
    .send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  s.made({
    what: `rule ${name}`,
    region,
    remove: async () => {
      await s.events(side).send(new RemoveTargetsCommand({ Rule: name, Ids: [name] }));
      await s.events(side).send(new DeleteRuleCommand({ Name: name }));
    },
  });
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: arn,
    Condition: { ArnEquals: { "aws:SourceArn": RuleArn } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await s.queues(side).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await s.events(side).send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: name, Arn: arn }] }));
}

/** What has arrived so far, by session and side: a message that was received is kept here. */
const ARRIVED = new WeakMap<Session, Map<Side, Event[]>>();

/** The first event that speaks of a snapshot, once it has arrived. */
async function eventOf(s: Session, side: Side, event: string, snapshot: string): Promise<Event | undefined> {
  const sides = ARRIVED.get(s) ?? new Map<Side, Event[]>();
  ARRIVED.set(s, sides);
  const arrived = sides.get(side) ?? [];
  sides.set(side, arrived);
  const isIt = (one: Event) => one.detail.event === event && JSON.stringify(one).includes(s.id(snapshot));
  await s.until(
    async () => {
      if (!arrived.some(isIt)) arrived.push(...(await received(s, side)));
      return arrived.map((one) => ({ event: one.detail.event, resources: one.resources }));
    },
    () => arrived.some(isIt),
  );
  return arrived.find(isIt);
}

async function received(s: Session, side: Side): Promise<Event[]> {
  const request = {
    QueueUrl: s.id(`${side}-queue`),
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 3600,
    WaitTimeSeconds: 1,
  };
  const { Messages } = await s.queues(side).send(new ReceiveMessageCommand(request));
  return (Messages ?? []).map(({ Body }) => v.parse(v.pipe(v.string(), v.parseJson(), Event), Body));
}

const arrives = (name: string, behaviour: string, side: Side, event: string, snapshot: string): Probe => ({
  name,
  behaviour,
  source: PAGES.events,
  ask: (s) => eventOf(s, side, event, snapshot),
});

/** Before anything is made: from here on events are gathered. */
export const LISTENING: readonly Probe[] = [
  {
    name: "listen",
    behaviour: "A rule delivers the events of aws.ec2 to a queue whose policy lets it in",
    source: 'EventBridge user guide, "Using resource-based policies for Amazon EventBridge"',
    ask: async (s) => {
      await listen(s, "home");
      await listen(s, "away");
      return {};
    },
  },
];

/** After everything was made. */
export const EVENTS: readonly Probe[] = [
  arrives(
    "event-of-snapshot",
    "A single snapshot that ended sends EBS Snapshot Notification, createSnapshot",
    "home",
    "createSnapshot",
    "snapshot",
  ),
  arrives(
    "event-of-set",
    "The snapshots of a CreateSnapshots call send one EBS Multi-Volume Snapshots Completion Status, createSnapshots, when all have ended",
    "home",
    "createSnapshots",
    "set-of-all-data",
  ),
  arrives(
    "event-of-copy",
    "A copy that ended sends EBS Snapshot Notification, copySnapshot, in its destination, with its source",
    "away",
    "copySnapshot",
    "copy",
  ),
  arrives(
    "event-of-failed-copy",
    "A copy whose source does not exist sends copySnapshot with result failed and a cause",
    "away",
    "copySnapshot",
    "copy-of-nothing",
  ),
];
