import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { makeFunction } from "../../support/lambda.js";
import { eventually, HOME, withSandbox } from "../../support/sandbox.js";

const ACCOUNT = "000000000000";

describe("metrics and alarms in the sandbox", () => {
  const sandbox = withSandbox();
  const at = <C>(type: Parameters<typeof sandbox.client<C>>[0]) => sandbox.client(type, HOME);

  const put = (value: number, dimensions: Readonly<Record<string, string>>, Timestamp = new Date()) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = [{ MetricName: "Age", Value: value, Dimensions, Timestamp }];
    return at(CloudWatchClient).send(new PutMetricDataCommand({ Namespace: "Test", MetricData }));
  };
  const alarm = (AlarmName: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
    at(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "Test",
        MetricName: "Age",
        Dimensions: [{ Name: "Of", Value: AlarmName }],
        Statistic: "Maximum",
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 10,
        Period: 60,
        EvaluationPeriods: 1,
        ...more,
      }),
    );
  const state = async (name: string) => {
    const { MetricAlarms = [] } = await at(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms[0]?.StateValue;
  };
  const becomes = (name: string, wanted: string) =>
    eventually(
      () => state(name),
      (seen) => seen === wanted,
      { what: `${wanted} of ${name}` },
    );
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000 + 1000);

  const queueFor = async (topicArn: string, name: string): Promise<string> => {
    const { QueueUrl = "" } = await at(SQSClient).send(new CreateQueueCommand({ QueueName: name }));
    const Endpoint = `arn:aws:sqs:${HOME}:${ACCOUNT}:${name}`;
    await at(SNSClient).send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint }));
    return QueueUrl;
  };
  const received = async (QueueUrl: string): Promise<string[]> => {
    const { Messages = [] } = await at(SQSClient).send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages.map(({ Body = "" }) => String(JSON.parse(Body).Subject));
  };
  /** A topic under a key, and a queue that hears it. */
  const told = async (name: string, KmsMasterKeyId: string) => {
    const { TopicArn = "" } = await at(SNSClient).send(
      new CreateTopicCommand({ Name: name, Attributes: { KmsMasterKeyId } }),
    );
    return { topicArn: TopicArn, queueUrl: await queueFor(TopicArn, name) };
  };
  const keyFor = async (Service: string | undefined): Promise<string> => {
    const root = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const actions = ["kms:Decrypt", "kms:GenerateDataKey*"];
    const service = { Effect: "Allow", Principal: { Service }, Action: actions, Resource: "*" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: Service ? [root, service] : [root] });
    const { KeyMetadata } = await at(KMSClient).send(new CreateKeyCommand({ Policy }));
    return KeyMetadata?.Arn ?? "";
  };

  it("reads metrics in a function's log, each set of dimensions for itself, and no other line", async () => {
    const emf = {
      _aws: {
        Timestamp: 0,
        CloudWatchMetrics: [
          {
            Namespace: "Logged",
            Dimensions: [["Region"], ["Region", "Resource"]],
            Metrics: [{ Name: "Age", Unit: "Seconds" }],
          },
        ],
      },
      Region: "here",
      Resource: "i-0",
      Age: 42,
    };
    const broken = { ...emf, Region: 7 };
    await makeFunction(
      at(LambdaClient),
      "measures",
      `exports.handler = async () => {
         const now = Date.now();
         for (const line of ${JSON.stringify([emf, broken])}) {
           line._aws.Timestamp = now;
           console.log(JSON.stringify(line));
         }
         console.log("{ not JSON _aws");
         console.log(JSON.stringify({ Age: 1 }));
       };`,
    );
    await at(LambdaClient).send(new InvokeCommand({ FunctionName: "measures" }));
    const read = async (Dimensions: { Name: string; Value: string }[]) => {
      const times = { StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000), Period: 300 };
      const { Datapoints = [] } = await at(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: "Logged",
          MetricName: "Age",
          Dimensions,
          Statistics: ["Sum", "SampleCount"],
          ...times,
        }),
      );
      return Datapoints.map(({ Sum, SampleCount, Unit }) => `${Sum} of ${SampleCount} ${Unit}`);
    };
    const region = { Name: "Region", Value: "here" };
    const seen = await eventually(
      () => read([region]),
      (points) => points.length > 0,
    );
    expect(seen).to.deep.equal(["42 of 1 Seconds"]);
    expect(await read([region, { Name: "Resource", Value: "i-0" }])).to.deep.equal(["42 of 1 Seconds"]);
    expect(await read([{ Name: "Region", Value: "there" }])).to.deep.equal([]);
  });

  it("looks at the alarm's own dimensions only", async () => {
    await alarm("own");
    await put(99, { Of: "another" });
    await put(99, { Of: "own", And: "more" });
    expect(await state("own")).to.equal("INSUFFICIENT_DATA");
    await put(99, { Of: "own" });
    await becomes("own", "ALARM");
    await put(1, { Of: "own" }, minutesAgo(1));
    expect(await state("own"), "the newest period counts").to.equal("ALARM");
  });

  it("wants as many breaching data points as the alarm says", async () => {
    await alarm("several", { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: "notBreaching" });
    await put(99, { Of: "several" });
    await becomes("several", "OK");
    await put(99, { Of: "several" }, minutesAgo(2));
    await becomes("several", "ALARM");
  });

  it("takes missing data as the alarm says", async () => {
    await alarm("breaching", { TreatMissingData: "breaching" });
    await becomes("breaching", "ALARM");
    await alarm("notBreaching", { TreatMissingData: "notBreaching" });
    await becomes("notBreaching", "OK");
    await alarm("ignore", { TreatMissingData: "ignore", EvaluationPeriods: 2 });
    expect(await state("ignore")).to.equal("INSUFFICIENT_DATA");
    await put(99, { Of: "ignore" });
    expect(await state("ignore"), "one of two, and breaching").to.equal("INSUFFICIENT_DATA");
    await put(99, { Of: "ignore" }, minutesAgo(3));
    await becomes("ignore", "ALARM");
  });

  it("finds out by itself that data stopped coming", async function () {
    this.timeout(300_000);
    await alarm("silent", { Period: 1, TreatMissingData: "breaching" });
    await put(1, { Of: "silent" });
    await becomes("silent", "OK");
    await becomes("silent", "ALARM");
  });

  it("tells topics whose key admits CloudWatch, and no others", async () => {
    const good = await told("admitted", await keyFor("cloudwatch.amazonaws.com"));
    const bad = await told("not-admitted", await keyFor(undefined));
    const managed = await told("managed", "alias/aws/sns");
    const AlarmActions = [bad.topicArn, managed.topicArn, good.topicArn];
    await alarm("telling", { AlarmActions, TreatMissingData: "breaching" });
    const heard = await eventually(
      () => received(good.queueUrl),
      (subjects) => subjects.length > 0,
    );
    expect(heard).to.deep.equal([`ALARM: "telling" in ${HOME}`]);
    expect(await received(bad.queueUrl)).to.deep.equal([]);
    expect(await received(managed.queueUrl)).to.deep.equal([]);
  });

  it("watches the messages in a queue", async () => {
    const { QueueUrl } = await at(SQSClient).send(new CreateQueueCommand({ QueueName: "dead" }));
    await alarm("letters", {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: "dead" }],
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: 1,
      Period: 1,
      TreatMissingData: "notBreaching",
    });
    await becomes("letters", "OK");
    await at(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    await becomes("letters", "ALARM");
    await at(SQSClient).send(new PurgeQueueCommand({ QueueUrl }));
    await becomes("letters", "OK");
  });

  it("refuses alarms that it would not evaluate", async () => {
    const Metrics = [{ Id: "e1", Expression: "SUM(METRICS())", ReturnData: true }];
    const call = alarm("maths", { Metrics, MetricName: undefined, Namespace: undefined });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).to.have.property("name", "SandboxUnsupported");
    expect(error).to.have.property("message").that.contains("Metrics");
  });

  it("refuses requests that it cannot read, in their own protocol", async () => {
    const scope = `AWS4-HMAC-SHA256 Credential=test/20261121/${HOME}/monitoring/aws4_request`;
    const path = "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm";
    const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
    const answer = await fetch(`${sandbox.info.endpoint}${path}`, {
      method: "POST",
      headers: { ...headers, authorization: `${scope}, SignedHeaders=host, Signature=0` },
      body: Buffer.from([0xa0]),
    });
    expect(answer.status).to.equal(400);
    expect(Buffer.from(await answer.arrayBuffer()).toString("latin1")).to.contain("SandboxUnsupported");
  });
});
