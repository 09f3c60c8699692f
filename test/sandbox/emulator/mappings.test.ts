import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { bundleLambda, makeFunction } from "../../support/lambda.js";
import { eventually, HOME, withSandbox } from "../../support/sandbox.js";

const ACCOUNT = "000000000000";

/** Tells of each batch its bodies; what is called "bad" it reports as failed, "odd" makes its answer useless. */
const TELLS = (url: string) => `
  import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
  const sqs = new SQSClient({});
  export const handler = async ({ Records }) => {
    const bodies = Records.map(({ body }) => body).toSorted();
    await sqs.send(new SendMessageCommand({ QueueUrl: "${url}", MessageBody: JSON.stringify(bodies) }));
    const failed = Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId }));
    return { batchItemFailures: bodies.includes("odd") ? [{ itemIdentifier: "" }] : failed };
  };`;

describe("event source mappings of queues in the sandbox", function () {
  this.timeout(300_000);
  const sandbox = withSandbox();
  const sqs = () => sandbox.client(SQSClient, HOME);
  const lambda = () => sandbox.client(LambdaClient, HOME);
  let told: string;
  let FunctionName: string;

  const queue = async (name: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl = "" } = await sqs().send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return { url: QueueUrl, arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:${name}` };
  };
  const map = (EventSourceArn: string, more: Partial<CreateEventSourceMappingCommandInput>) =>
    lambda().send(new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName, ...more }));
  const send = async (QueueUrl: string, bodies: readonly string[]) => {
    const entries = bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody }));
    for (let at = 0; at < entries.length; at += 10) {
      await sqs().send(new SendMessageBatchCommand({ QueueUrl, Entries: entries.slice(at, at + 10) }));
    }
  };
  const take = async (QueueUrl: string): Promise<string> => {
    const receive = new ReceiveMessageCommand({ QueueUrl });
    const { Messages = [] } = await eventually(
      () => sqs().send(receive),
      (answer) => (answer.Messages ?? []).length > 0,
      { within: 120_000, what: `a message in ${QueueUrl}` },
    );
    await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    return Messages[0]?.Body ?? "";
  };
  const batch = async () => JSON.parse(await take(told)) as string[];
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i)).toSorted();

  before(async () => {
    told = (await queue("told")).url;
    FunctionName = await makeFunction(lambda(), "tells", await bundleLambda(TELLS(told)));
    await lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 2 }));
  });

  it("gathers for the whole window what comes in several pieces, more than SQS gives at once", async () => {
    const { arn, url } = await queue("gathered");
    await map(arn, { BatchSize: 100, MaximumBatchingWindowInSeconds: 5 });
    await send(url, numbers(25));
    // Taken for the batch, so that nobody else gets it, while the window is still open.
    await eventually(
      () => sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
      ({ Attributes }) => Attributes?.["ApproximateNumberOfMessagesNotVisible"] === "25",
      { what: "25 messages in flight" },
    );
    await send(url, ["late", "later"]);
    expect(await batch()).to.deep.equal([...numbers(25), "late", "later"].toSorted());
  });

  it("does not wait for the window once the batch is full", async () => {
    const { arn, url } = await queue("full", { VisibilityTimeout: "600" });
    await map(arn, { BatchSize: 12, MaximumBatchingWindowInSeconds: 300 });
    await send(url, numbers(12));
    expect(await batch()).to.deep.equal(numbers(12));
  });

  it("moves what is reported as failed, and only that, to the dead letters", async () => {
    const dead = await queue("dead");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const { arn, url } = await queue("mixed", { VisibilityTimeout: "2", RedrivePolicy });
    await map(arn, {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    await send(url, ["good", "bad", "fine"]);
    expect(await batch()).to.deep.equal(["bad", "fine", "good"]);
    expect(await batch()).to.deep.equal(["bad"]);
    expect(await take(dead.url)).to.equal("bad");
  });

  it("takes an answer that names no message for a failure of the whole batch", async () => {
    const dead = await queue("dead-batch");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    const { arn, url } = await queue("odd", { VisibilityTimeout: "2", RedrivePolicy });
    await map(arn, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await send(url, ["odd"]);
    expect(await batch()).to.deep.equal(["odd"]);
    expect(await take(dead.url)).to.equal("odd");
  });

  it("gives back what a removed mapping had gathered", async () => {
    const { arn, url } = await queue("left", { VisibilityTimeout: "2" });
    const { UUID } = await map(arn, { BatchSize: 100, MaximumBatchingWindowInSeconds: 300 });
    await send(url, ["left"]);
    await eventually(
      () => sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
      ({ Attributes }) => Attributes?.["ApproximateNumberOfMessagesNotVisible"] === "1",
      { what: "a message in flight" },
    );
    await lambda().send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(await take(url)).to.equal("left");
  });

  it("refuses what AWS refuses, and what would be ignored", async () => {
    const { arn } = await queue("plain");
    const short = await queue("short", { VisibilityTimeout: "1" });
    const fifo = await queue("first.fifo", { FifoQueue: "true" });
    const fails = async (work: Promise<unknown>, message: RegExp) => {
      const error = await work.then(
        () => undefined,
        (caught: unknown) => caught,
      );
      expect(error).to.be.an("error").with.property("message").that.matches(message);
    };
    await fails(map(arn, { BatchSize: 11 }), /must be greater than 0 if maximum batch size is greater than 10/);
    await fails(map(arn, { MaximumBatchingWindowInSeconds: 301 }), /out of range/);
    await fails(map(short.arn, {}), /Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds/);
    await fails(map(fifo.arn, { MaximumBatchingWindowInSeconds: 1 }), /not supported for FIFO queues/);
    await fails(map(arn, { MaximumRetryAttempts: 1 }), /MaximumRetryAttempts is not emulated/);
    const { UUID } = await map(arn, { BatchSize: 20, MaximumBatchingWindowInSeconds: 1 });
    await fails(map(arn, {}), /provided mapping already exists/);
    const update = new UpdateEventSourceMappingCommand({ UUID, MaximumBatchingWindowInSeconds: 0 });
    await fails(lambda().send(update), /must be greater than 0/);
    await lambda().send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 5, MaximumBatchingWindowInSeconds: 0 }));
  });
});
