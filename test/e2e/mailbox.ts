import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { names } from "../../core/names/names.js";
import { DEPLOYMENT, DR, type Harness, PRIMARY } from "./harness.js";

/** What SNS puts into a queue (SNS developer guide, "Fanout Amazon SNS notifications to Amazon SQS queues"). */
const Notification = v.pipe(v.string(), v.parseJson(), v.object({ Subject: v.string(), Message: v.string() }));

/** What people were told. */
export interface Letter {
  readonly subject: string;
  readonly body: string;
}

/** Has a queue told of a region's troubles, as people are who have confirmed their address. Answers with the queue. */
export async function listen(
  t: Harness,
  role: "primary" | "dr",
  { deployment = DEPLOYMENT, queue = "told" } = {},
): Promise<string> {
  const region = role === "primary" ? PRIMARY : DR;
  const sqs = t.client(SQSClient, region);
  // Not a name of the deployment's own: by those a test looks for what a removal has left (leftovers.ts).
  const QueueName = `${queue}-${role}-of-${deployment.replaceAll("-", "_")}`;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const AttributeNames = ["QueueArn" as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  const TopicArn = `arn:aws:sns:${region}:000000000000:${names(deployment, role).topic}`;
  const subscription = { TopicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] };
  await t.client(SNSClient, region).send(new SubscribeCommand(subscription));
  return QueueUrl;
}

/** Reads along with the people who are told of a region's troubles. */
export class Mailbox {
  readonly #sqs: SQSClient;
  readonly #queue: string;
  readonly #letters: Letter[] = [];

  private constructor(sqs: SQSClient, queue: string) {
    this.#sqs = sqs;
    this.#queue = queue;
  }

  static async at(t: Harness, role: "primary" | "dr"): Promise<Mailbox> {
    const region = role === "primary" ? PRIMARY : DR;
    return new Mailbox(t.client(SQSClient, region), await listen(t, role, { queue: "letters" }));
  }

  /** All letters so far whose subject is like that, in the order they came. */
  async letters(subject: RegExp): Promise<readonly Letter[]> {
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.#queue, MaxNumberOfMessages: 10 }),
      );
      for (const { Body, ReceiptHandle } of Messages) {
        const { Subject, Message } = v.parse(Notification, Body);
        this.#letters.push({ subject: Subject, body: Message });
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queue, ReceiptHandle }));
      }
      if (Messages.length === 0) return this.#letters.filter((letter) => subject.test(letter.subject));
    }
  }
}
