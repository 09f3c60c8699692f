import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { keysOf } from "../../calls/keys.js";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, json, number, oneOf, policy, string, tagged } from "../../resource/schema.js";

const GONE = ["NotFoundException", "NotFound"];

/** Inputs and the names of their attributes at SNS. */
const TOPIC_ATTRIBUTES = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deliveryPolicy: "DeliveryPolicy",
  displayName: "DisplayName",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
} as const;

const text = (value: string | number | boolean | undefined): string => (value === undefined ? "" : String(value));

/** What a topic has when nobody gave it a policy (SNS developer guide, "Default policy"). */
function defaultPolicy(context: Context, arn: string): string {
  const actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe";
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...actions.split(" "), "ListSubscriptionsByTopic", "Publish"].map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": context.account } },
      },
    ],
  });
}

export const topic = resource({
  token: "aws:sns/topic:Topic",
  inputs: {
    contentBasedDeduplication: boolean({ default: false }),
    deliveryPolicy: json(),
    displayName: string(),
    fifoTopic: boolean({ default: false, replace: true }),
    kmsMasterKeyId: string(),
    name: string({ required: true, replace: true }),
    policy: policy({ computed: true }),
    signatureVersion: number({ computed: true }),
    tracingConfig: string({ computed: true, check: oneOf("Active", "PassThrough") }),
    ...tagged,
  },
  outputs: ["arn", "owner"],
  autoName: { property: "name", max: 256, shape: (name, inputs) => (inputs["fifoTopic"] ? `${name}.fifo` : name) },
  async create(context, inputs) {
    const given = keysOf(TOPIC_ATTRIBUTES).flatMap((property) => {
      const value = inputs[property];
      return value === undefined || value === false ? [] : [[TOPIC_ATTRIBUTES[property], text(value)] as const];
    });
    const Attributes = { ...Object.fromEntries(given), ...(inputs.fifoTopic && { FifoTopic: "true" }) };
    const request = { Name: inputs.name, Attributes, Tags: toTagList(inputs.tagsAll) };
    const { TopicArn } = await context.client(SNSClient).send(new CreateTopicCommand(request));
    if (!TopicArn) throw new Error("CreateTopic gave no ARN");
    return TopicArn;
  },
  async read(context, id) {
    const client = context.client(SNSClient);
    const found = await unlessGone(client.send(new GetTopicAttributesCommand({ TopicArn: id })), ...GONE);
    if (!found?.Attributes) return undefined;
    const { Attributes: seen } = found;
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      arn: id,
      name: id.split(":").at(-1),
      owner: seen["Owner"],
      contentBasedDeduplication: seen["ContentBasedDeduplication"] === "true",
      deliveryPolicy: seen["DeliveryPolicy"],
      displayName: seen["DisplayName"],
      fifoTopic: seen["FifoTopic"] === "true",
      kmsMasterKeyId: seen["KmsMasterKeyId"],
      policy: seen["Policy"],
      signatureVersion: Number(seen["SignatureVersion"] ?? 1),
      tracingConfig: seen["TracingConfig"] ?? "PassThrough",
      tagsAll: fromTagList(Tags),
    };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(SNSClient);
    for (const property of keysOf(TOPIC_ATTRIBUTES)) {
      if (!changed.has(property)) continue;
      const AttributeName = TOPIC_ATTRIBUTES[property];
      const AttributeValue = text(next[property]);
      await client.send(new SetTopicAttributesCommand({ TopicArn: id, AttributeName, AttributeValue }));
    }
    if (!changed.has("tagsAll")) return;
    const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    if (unset.length > 0) await client.send(new UntagResourceCommand({ ResourceArn: id, TagKeys: unset }));
    const Tags = toTagList(set);
    if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceArn: id, Tags }));
  },
  async remove(context, id) {
    await unlessGone(context.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: id })), ...GONE);
  },
});

async function setPolicy(context: Context, TopicArn: string, AttributeValue: string): Promise<void> {
  const request = { TopicArn, AttributeName: "Policy", AttributeValue };
  await context.client(SNSClient).send(new SetTopicAttributesCommand(request));
}

export const topicPolicy = resource({
  token: "aws:sns/topicPolicy:TopicPolicy",
  inputs: { arn: string({ required: true, replace: true }), policy: policy({ required: true }) },
  outputs: ["owner"],
  async create(context, { arn, policy: document }) {
    await setPolicy(context, arn, document);
    return arn;
  },
  async read(context, id) {
    const call = context.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: id }));
    const seen = (await unlessGone(call, ...GONE))?.Attributes;
    return seen?.["Policy"] ? { arn: id, policy: seen["Policy"], owner: seen["Owner"] } : undefined;
  },
  async update(context, id, { policy: document }) {
    await setPolicy(context, id, document);
  },
  async remove(context, id) {
    await unlessGone(setPolicy(context, id, defaultPolicy(context, id)), ...GONE);
  },
});

/** Inputs and the names of their attributes at SNS. */
const SUBSCRIPTION_ATTRIBUTES = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
  subscriptionRoleArn: "SubscriptionRoleArn",
} as const;

export const topicSubscription = resource({
  token: "aws:sns/topicSubscription:TopicSubscription",
  inputs: {
    confirmationTimeoutInMinutes: number({ default: 1 }),
    deliveryPolicy: json(),
    endpoint: string({ required: true, replace: true }),
    endpointAutoConfirms: boolean({ default: false }),
    filterPolicy: json(),
    filterPolicyScope: string({ computed: true, check: oneOf("MessageAttributes", "MessageBody") }),
    protocol: string({ required: true, replace: true }),
    rawMessageDelivery: boolean({ default: false }),
    redrivePolicy: json(),
    subscriptionRoleArn: string(),
    topic: string({ required: true, replace: true }),
  },
  outputs: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
  async create(context, inputs) {
    const given = keysOf(SUBSCRIPTION_ATTRIBUTES).flatMap((property) => {
      const value = inputs[property];
      return value === undefined || value === false ? [] : [[SUBSCRIPTION_ATTRIBUTES[property], text(value)] as const];
    });
    const { SubscriptionArn } = await context.client(SNSClient).send(
      new SubscribeCommand({
        TopicArn: inputs.topic,
        Protocol: inputs.protocol,
        Endpoint: inputs.endpoint,
        Attributes: Object.fromEntries(given),
        ReturnSubscriptionArn: true,
      }),
    );
    if (!SubscriptionArn) throw new Error("Subscribe gave no ARN");
    return SubscriptionArn;
  },
  async read(context, id) {
    const call = context.client(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id }));
    const seen = (await unlessGone(call, ...GONE))?.Attributes;
    if (!seen) return undefined;
    return {
      arn: id,
      confirmationWasAuthenticated: seen["ConfirmationWasAuthenticated"] === "true",
      ownerId: seen["Owner"],
      pendingConfirmation: seen["PendingConfirmation"] === "true",
      deliveryPolicy: seen["DeliveryPolicy"],
      endpoint: seen["Endpoint"],
      filterPolicy: seen["FilterPolicy"],
      filterPolicyScope: seen["FilterPolicyScope"],
      protocol: seen["Protocol"],
      rawMessageDelivery: seen["RawMessageDelivery"] === "true",
      redrivePolicy: seen["RedrivePolicy"],
      subscriptionRoleArn: seen["SubscriptionRoleArn"],
      topic: seen["TopicArn"],
    };
  },
  async update(context, id, next, _prior, changed) {
    for (const property of keysOf(SUBSCRIPTION_ATTRIBUTES)) {
      if (!changed.has(property)) continue;
      const AttributeName = SUBSCRIPTION_ATTRIBUTES[property];
      const value = next[property];
      const request = { SubscriptionArn: id, AttributeName, AttributeValue: value === undefined ? "{}" : text(value) };
      await context.client(SNSClient).send(new SetSubscriptionAttributesCommand(request));
    }
  },
  async remove(context, id) {
    await unlessGone(context.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: id })), ...GONE);
  },
});
