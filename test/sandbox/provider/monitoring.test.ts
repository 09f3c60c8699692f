import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { PROJECT } from "../../../components/lambda/bundle.js";
import { DeadLetters } from "../../../components/lambda/dead-letters.js";
import { Monitoring } from "../../../components/monitoring/monitoring.js";
import { Notifications } from "../../../components/monitoring/notifications.js";
import type { Site } from "../../../components/site.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { Ledger } from "../../../components/storage/ledger.js";
import { makeFunction } from "../../support/lambda.js";
import { eventually } from "../../support/sandbox.js";
import { site } from "../../support/site.js";
import { withEngine } from "./support.js";

const REGION = "us-east-1";
const ALARM = "acme-primary-run-failed";

/** All of a primary that has to do with telling people, and a queue that listens as a pager would. */
async function program() {
  const where: Site = { ...site(false), account: pulumi.output("000000000000") };
  const o = { provider: new aws.Provider("aws", { region: REGION }) };
  const key = new EncryptionKey("encryption", { site: where }, o);
  const ledger = new Ledger("ledger", { site: where }, o);
  const { topicArn } = new Notifications("alerts", { site: where, emails: [], keyArn: key.arn }, o);
  new DeadLetters("dead-letters", { site: where, keyArn: key.arn }, o);
  new Monitoring("monitoring", { site: where, topicArn }, o);
  const pager = new aws.sqs.Queue("pager", { name: "pager", kmsMasterKeyId: key.arn }, o);
  new aws.sns.TopicSubscription("to-pager", { topic: topicArn, protocol: "sqs", endpoint: pager.arn }, o);
  return { topicArn, table: ledger.tableName, bucket: ledger.bucketName, pager: pager.url };
}

/** The code of `record` as it is deployed. */
function recordBundle(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: ["functions/record/handler.ts"],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    mainFields: ["module", "main"],
  });
  return outputFiles[0]?.text ?? "";
}

describe("a failed run in the sandbox", function () {
  this.timeout(300_000);
  const { sandbox, stack } = withEngine();
  const at = <C>(type: Parameters<typeof sandbox.client<C>>[0]) => sandbox.client(type, REGION);
  const heard: string[] = [];

  /** What the pager has heard so far. */
  const listen = async (QueueUrl: string): Promise<readonly string[]> => {
    const { Messages = [] } = await at(SQSClient).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = "", ReceiptHandle } of Messages) {
      heard.push(String(JSON.parse(Body).Subject));
      await at(SQSClient).send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return heard;
  };
  const stateOf = async (name: string) => {
    const { MetricAlarms = [] } = await at(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms[0]?.StateValue;
  };

  it("is told by the run and by the alarm, through the encrypted topic", async () => {
    const { outputs } = await (await stack("monitoring", program)).up();
    const [topicArn, table, bucket, pager] = ["topicArn", "table", "bucket", "pager"].map((name) =>
      String(outputs[name]?.value),
    );
    if (pager === undefined) throw new Error("the program has no pager");
    await makeFunction(at(LambdaClient), "acme-primary-record", recordBundle());
    const Variables = {
      LOCKSTEP_DEPLOYMENT: "acme",
      LOCKSTEP_ROLE: "primary",
      LOCKSTEP_TABLE: table ?? "",
      LOCKSTEP_BUCKET: bucket ?? "",
      LOCKSTEP_TOPIC_ARN: topicArn ?? "",
    };
    const configuration = { FunctionName: "acme-primary-record", Environment: { Variables } };
    await at(LambdaClient).send(new UpdateFunctionConfigurationCommand(configuration));
    expect(await stateOf(ALARM), "nothing has run yet").to.equal("INSUFFICIENT_DATA");

    // What Step Functions hands over when a state fails.
    const failed = { execution: "execution-1", error: { Error: "LeaseLost", Cause: "another took over" } };
    const call = { FunctionName: "acme-primary-record", Payload: JSON.stringify(failed) };
    const answer = await at(LambdaClient).send(new InvokeCommand(call));
    expect(answer.FunctionError, Buffer.from(answer.Payload ?? "").toString()).to.equal(undefined);

    const wanted = [`[acme] run-failed: ${REGION}`, `ALARM: "${ALARM}" in ${REGION}`];
    await eventually(
      () => listen(pager),
      (subjects) => wanted.every((subject) => subjects.includes(subject)),
      { what: wanted.join(" and ") },
    );
    expect(await stateOf(ALARM)).to.equal("ALARM");
    expect(await stateOf("acme-primary-no-run"), "no run has ended well").to.equal("ALARM");
  });
});
