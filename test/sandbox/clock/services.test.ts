import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateSnapshotCommand, CreateVolumeCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { ClockState } from "../../../sandbox/control.js";

import { eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("services when the clock is moved", () => {
  const sandbox = withSandbox();
  const at = <C>(type: Parameters<typeof sandbox.client<C>>[0]) => sandbox.client(type, HOME);
  const move = (to: string) => sandbox.admin("POST", "clock", { to });
  /** That it is this time, or was a moment ago. */
  const isNow = async (time: number | undefined) => {
    const { now } = (await sandbox.admin("GET", "clock")) as ClockState;
    expect((Date.parse(now) - (time ?? 0)) / 1000).to.be.within(-1, 60);
  };

  it("completes a snapshot that is under way and dates the next one", async () => {
    const ec2 = at(EC2Client);
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    await sandbox.admin("POST", "settings", { ec2: { snapshotMillis: DAY } });
    const first = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    const look = async () =>
      (await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [first.SnapshotId ?? ""] }))).Snapshots;
    expect((await look())?.[0]?.State).to.equal("pending");
    await move("+1d1m");
    expect((await look())?.[0]?.State).to.equal("completed");
    await sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 1000 } });
    const { StartTime } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    await isNow(StartTime?.getTime());
    expect((StartTime?.getTime() ?? 0) - (first.StartTime?.getTime() ?? 0)).to.be.within(DAY, DAY + 5 * MINUTE);
  });

  it("lets alarms miss the data of the time that was jumped over", async () => {
    const cloudwatch = at(CloudWatchClient);
    const alarm = (AlarmName: string, TreatMissingData: string) =>
      cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: "Clock",
          MetricName: "Runs",
          Statistic: "Sum",
          ComparisonOperator: "LessThanThreshold",
          Threshold: 1,
          Period: 3600,
          EvaluationPeriods: 1,
          TreatMissingData,
        }),
      );
    const run = async () =>
      cloudwatch.send(new PutMetricDataCommand({ Namespace: "Clock", MetricData: [{ MetricName: "Runs", Value: 1 }] }));
    const states = async () => {
      const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: "runs-" }));
      return Object.fromEntries(MetricAlarms.map(({ AlarmName = "", StateValue }) => [AlarmName, StateValue]));
    };
    await alarm("runs-missed", "breaching");
    await alarm("runs-unknown", "missing");
    await run();
    const fine = { "runs-missed": "OK", "runs-unknown": "OK" };
    await eventually(states, (seen) => JSON.stringify(seen) === JSON.stringify(fine), { what: "all well" });
    await move("+30m");
    expect(await states(), "within the period").to.deep.equal(fine);
    await move("+1d");
    expect(await states(), "as soon as it has moved").to.deep.equal({
      "runs-missed": "ALARM",
      "runs-unknown": "INSUFFICIENT_DATA",
    });
    await run();
    await eventually(states, (seen) => JSON.stringify(seen) === JSON.stringify(fine), { what: "all well again" });
  });

  it("keeps a message that is being worked on out of sight as long as it would have been", async () => {
    const sqs = at(SQSClient);
    const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: "worked-on" }));
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "1" }));
    const take = (VisibilityTimeout: number) =>
      sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout, MessageSystemAttributeNames: ["SentTimestamp"] }),
      );
    await isNow(Number((await take(600)).Messages?.[0]?.Attributes?.SentTimestamp));
    await move("+1h");
    expect((await take(600)).Messages ?? []).to.deep.equal([]);
  });

  it("ends a wait of a state machine, and dates the execution", async () => {
    const states = at(SFNClient);
    const definition = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: DAY / 1000, End: true } } };
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name: "waits", definition: JSON.stringify(definition), roleArn: ROLE }),
    );
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    const look = () => states.send(new DescribeExecutionCommand({ executionArn }));
    const history = () => states.send(new GetExecutionHistoryCommand({ executionArn }));
    const waits = ({ events = [] }: Awaited<ReturnType<typeof history>>) =>
      events.some((e) => e.type === "WaitStateEntered");
    await eventually(history, waits, { what: "the wait" });
    await move("+1d1s");
    const { startDate, stopDate } = await eventually(look, ({ status }) => status === "SUCCEEDED", { what: "the end" });
    expect((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)).to.be.within(DAY, DAY + MINUTE);
    await isNow(stopDate?.getTime());
  });
});
