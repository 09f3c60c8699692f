import { type Asked, form, json, type Need, type Needs, notJudged, objects, text } from "../call.js";

/** The ARN of the key that a topic or queue is encrypted with, if it is one of KMS that has a policy of the account's. */
export type KeyOf = (arn: string) => Promise<string | undefined>;

/** Parameters of either protocol: SQS and SNS have been queries, and SQS is JSON too. */
function parameters(asked: Asked): (name: string) => string {
  if (asked.headers["x-amz-target"] !== undefined) {
    const body = json(asked);
    return (name) => text(body[name]);
  }
  const values = form(asked);
  return (name) => values.get(name) ?? "";
}

/**
 * The rights that a call of SNS needs. Publishing to an encrypted topic needs rights on its key (SNS developer guide, "Enable
 * server-side encryption").
 */
export async function snsNeeds(asked: Asked, needs: Needs, keyOf: KeyOf): Promise<Need[]> {
  const { action } = asked;
  const value = parameters(asked);
  const topic = value("TopicArn");
  if (/^List(Topics|Subscriptions)$/.test(action)) return [needs.need(`sns:${action}`, "*")];
  if (topic === "") throw notJudged(asked);
  const publishes = action === "Publish" || action === "PublishBatch";
  const key = publishes ? await keyOf(topic) : undefined;
  return [
    needs.guarded(`sns:${publishes ? "Publish" : action}`, topic),
    ...(key === undefined ? [] : needs.viaService("sns", key, "GenerateDataKey", "Decrypt")),
  ];
}

/** What queues need of their key (SQS developer guide, "Key management": producers and consumers). */
const QUEUE_KEY: Readonly<Record<string, readonly string[]>> = {
  SendMessage: ["GenerateDataKey", "Decrypt"],
  ReceiveMessage: ["Decrypt"],
};

/** The rights that a call of SQS needs. Batches need the right to the single action. */
export async function sqsNeeds(asked: Asked, needs: Needs, keyOf: KeyOf): Promise<Need[]> {
  const { action } = asked;
  const value = parameters(asked);
  if (action === "ListQueues") return [needs.need("sqs:ListQueues", "*")];
  const name = value("QueueName") || value("QueueUrl").split("/").at(-1);
  if (!name) throw notJudged(asked);
  const right = action.replace(/Batch$/, "");
  const queue = needs.arn("sqs", name);
  const used = Object.hasOwn(QUEUE_KEY, right) ? QUEUE_KEY[right] : undefined;
  const key = used ? await keyOf(queue) : undefined;
  return [
    needs.guarded(`sqs:${right}`, queue),
    ...(key === undefined || !used ? [] : needs.viaService("sqs", key, ...used)),
  ];
}

/** The rights that a call of KMS itself needs. */
export async function kmsNeeds(
  asked: Asked,
  needs: Needs,
  keyArn: (reference: string) => Promise<string | undefined>,
): Promise<Need[]> {
  const { action } = asked;
  if (/^List(Keys|Aliases)$/.test(action)) return [needs.need(`kms:${action}`, "*")];
  const reference = text(json(asked)["KeyId"]);
  if (reference === "") throw notJudged(asked);
  const key = (await keyArn(reference)) ?? needs.arn("kms", `key/${reference}`);
  return [needs.guarded(`kms:${action}`, key, key, { "kms:CallerAccount": asked.account })];
}

/** The rights that a call of EventBridge needs: putting events, on each bus. */
export function eventsNeeds(asked: Asked, needs: Needs): Need[] {
  if (asked.action !== "PutEvents") throw notJudged(asked);
  const buses = new Set(objects(json(asked)["Entries"]).map(({ EventBusName }) => text(EventBusName) || "default"));
  return [...buses].map((bus) =>
    needs.need("events:PutEvents", bus.startsWith("arn:") ? bus : needs.arn("events", `event-bus/${bus}`)),
  );
}
