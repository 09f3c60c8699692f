import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { keysOf } from "../../calls/keys.js";
import { tagChanges } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, json, number, policy, string, tagged, type Values } from "../../resource/schema.js";

const INPUTS = {
  contentBasedDeduplication: boolean({ default: false }),
  deduplicationScope: string({ computed: true }),
  delaySeconds: number({ default: 0 }),
  fifoQueue: boolean({ default: false, replace: true }),
  fifoThroughputLimit: string({ computed: true }),
  kmsDataKeyReusePeriodSeconds: number({ computed: true }),
  kmsMasterKeyId: string(),
  maxMessageSize: number({ default: 262144 }),
  messageRetentionSeconds: number({ default: 345600 }),
  name: string({ required: true, replace: true }),
  policy: policy({ computed: true }),
  receiveWaitTimeSeconds: number({ default: 0 }),
  redriveAllowPolicy: json({ computed: true }),
  redrivePolicy: json({ computed: true }),
  sqsManagedSseEnabled: boolean({ computed: true }),
  visibilityTimeoutSeconds: number({ default: 30 }),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

/** Inputs, the names of their attributes at SQS, and how to read them back. */
const ATTRIBUTES = {
  contentBasedDeduplication: ["ContentBasedDeduplication", Boolean],
  deduplicationScope: ["DeduplicationScope", String],
  delaySeconds: ["DelaySeconds", Number],
  fifoThroughputLimit: ["FifoThroughputLimit", String],
  kmsDataKeyReusePeriodSeconds: ["KmsDataKeyReusePeriodSeconds", Number],
  kmsMasterKeyId: ["KmsMasterKeyId", String],
  maxMessageSize: ["MaximumMessageSize", Number],
  messageRetentionSeconds: ["MessageRetentionPeriod", Number],
  policy: ["Policy", String],
  receiveWaitTimeSeconds: ["ReceiveMessageWaitTimeSeconds", Number],
  redriveAllowPolicy: ["RedriveAllowPolicy", String],
  redrivePolicy: ["RedrivePolicy", String],
  sqsManagedSseEnabled: ["SqsManagedSseEnabled", Boolean],
  visibilityTimeoutSeconds: ["VisibilityTimeout", Number],
} as const satisfies Partial<Record<keyof Inputs, readonly [QueueAttributeName, unknown]>>;

const GONE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

function attributes(
  inputs: Inputs,
  wanted: (property: keyof typeof ATTRIBUTES) => boolean,
): Partial<Record<QueueAttributeName, string>> {
  const entries = keysOf(ATTRIBUTES).flatMap((property) => {
    if (!wanted(property)) return [];
    const value = inputs[property];
    return [[ATTRIBUTES[property][0], value === undefined ? "" : String(value)] as const];
  });
  return Object.fromEntries(entries);
}

function parse(text: string | undefined, type: unknown): unknown {
  if (text === undefined || text === "") return undefined;
  if (type === Number) return Number(text);
  return type === Boolean ? text === "true" : text;
}

async function readAttributes(context: Context, QueueUrl: string) {
  const request = { QueueUrl, AttributeNames: ["All" as const] };
  const call = context.client(SQSClient).send(new GetQueueAttributesCommand(request));
  return (await unlessGone(call, ...GONE))?.Attributes;
}

export const queue = resource({
  token: "aws:sqs/queue:Queue",
  inputs: INPUTS,
  outputs: ["arn", "url"],
  autoName: { property: "name", max: 80, shape: (name, inputs) => (inputs["fifoQueue"] ? `${name}.fifo` : name) },
  async create(context, inputs) {
    const isGiven = (property: keyof typeof ATTRIBUTES) => {
      const value = inputs[property];
      return value !== undefined && (value !== false || property === "sqsManagedSseEnabled");
    };
    const { QueueUrl } = await context.client(SQSClient).send(
      new CreateQueueCommand({
        QueueName: inputs.name,
        Attributes: { ...attributes(inputs, isGiven), ...(inputs.fifoQueue && { FifoQueue: "true" }) },
        tags: inputs.tagsAll,
      }),
    );
    if (!QueueUrl) throw new Error("CreateQueue gave no URL");
    return QueueUrl;
  },
  async read(context, id) {
    const seen = await readAttributes(context, id);
    if (!seen) return undefined;
    const { Tags } = await context.client(SQSClient).send(new ListQueueTagsCommand({ QueueUrl: id }));
    const state = Object.entries(ATTRIBUTES).map(
      ([property, [name, type]]) => [property, parse(seen[name], type)] as const,
    );
    const arn = seen["QueueArn"];
    const fifoQueue = seen["FifoQueue"] === "true";
    return { ...Object.fromEntries(state), arn, url: id, name: arn?.split(":").at(-1), fifoQueue, tagsAll: Tags };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(SQSClient);
    const Attributes = attributes(next, (property) => changed.has(property));
    if (Object.keys(Attributes).length > 0) {
      await client.send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes }));
    }
    if (!changed.has("tagsAll")) return;
    const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    if (unset.length > 0) await client.send(new UntagQueueCommand({ QueueUrl: id, TagKeys: unset }));
    if (Object.keys(set).length > 0) await client.send(new TagQueueCommand({ QueueUrl: id, Tags: set }));
  },
  async remove(context, id) {
    await unlessGone(context.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: id })), ...GONE);
  },
});

async function setPolicy(context: Context, QueueUrl: string, Policy: string): Promise<void> {
  await context.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

export const queuePolicy = resource({
  token: "aws:sqs/queuePolicy:QueuePolicy",
  inputs: { policy: policy({ required: true }), queueUrl: string({ required: true, replace: true }) },
  outputs: [],
  async create(context, { policy: document, queueUrl }) {
    await setPolicy(context, queueUrl, document);
    return queueUrl;
  },
  async read(context, id) {
    const seen = await readAttributes(context, id);
    return seen?.["Policy"] ? { queueUrl: id, policy: seen["Policy"] } : undefined;
  },
  async update(context, id, { policy: document }) {
    await setPolicy(context, id, document);
  },
  async remove(context, id) {
    await unlessGone(setPolicy(context, id, ""), ...GONE);
  },
});
