import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { names } from "../../core/names/names.js";
import type { ClientConfig } from "../../kinds/purger.js";
import type { StackRecord } from "../deploy/envs.js";
import type { Deps } from "./deps.js";

/** CloudWatch looks each minute, and reads a metric out of a log within seconds; five minutes are an hour of patience for both. */
const WITHIN_MS = 5 * 60_000;
const EVERY_MS = 1_000;

type Clock = Pick<Deps, "now" | "sleep" | "interruption">;

/**
 * Sends a test on the way of every alert and every alarm: a message of the function that tells people, a metric in its log, the alarm
 * that watches the metric, and what that alarm does. Answers with what did not work; undefined when all did.
 */
export async function testAlarm(
  deployment: string,
  { role }: StackRecord,
  config: ClientConfig,
  clock: Clock,
): Promise<string | undefined> {
  if (role === "workload") return undefined;
  const n = names(deployment, role);
  const cloudwatch = new CloudWatchClient(config);
  const alarm = n.alarm("test");
  const look = async (): Promise<MetricAlarm | undefined> => {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
    return MetricAlarms?.[0];
  };
  const before = await look();
  if (before === undefined) return `there is no alarm ${alarm}: run \`lockstep up\``;
  const FunctionName = n.lambda("record");
  const Payload = Buffer.from(JSON.stringify({ test: true }));
  const answer = await new LambdaClient(config).send(new InvokeCommand({ FunctionName, Payload }));
  if (answer.FunctionError !== undefined) {
    return `${FunctionName} could not tell anybody: ${Buffer.from(answer.Payload ?? []).toString()}`;
  }
  const deadline = clock.now() + WITHIN_MS;
  for (;;) {
    clock.interruption.signal.throwIfAborted();
    if ((await look())?.StateValue === "ALARM") break;
    if (clock.now() >= deadline) {
      return `${alarm} is not in alarm after ${WITHIN_MS / 60_000} minutes: the metric TestAlarm of ${FunctionName} did not reach it`;
    }
    await clock.sleep(EVERY_MS);
  }
  return refusalOf(cloudwatch, alarm, before.StateUpdatedTimestamp);
}

/** An action that CloudWatch could not carry out is in the alarm's history, and nowhere else (CloudWatch user guide, "Alarm history"). */
async function refusalOf(
  client: CloudWatchClient,
  AlarmName: string,
  since: Date | undefined,
): Promise<string | undefined> {
  const command = new DescribeAlarmHistoryCommand({
    AlarmName,
    HistoryItemType: "Action",
    ScanBy: "TimestampDescending",
  });
  const { AlarmHistoryItems = [] } = await client.send(command);
  const newer = AlarmHistoryItems.filter(({ Timestamp }) => since === undefined || (Timestamp ?? since) > since);
  const failed = newer.find(({ HistorySummary = "" }) => HistorySummary.startsWith("Failed"));
  return failed && `${AlarmName}: ${failed.HistorySummary}`;
}
