import {
  CloudWatchClient,
  type ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  type StandardUnit,
  type Statistic,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import { resource } from "../../resource/resource.js";
import { boolean, map, number, oneOf, set, string, tagged, type Values } from "../../resource/schema.js";

const INPUTS = {
  actionsEnabled: boolean({ default: true }),
  alarmActions: set(string()),
  alarmDescription: string(),
  comparisonOperator: string({
    required: true,
    check: oneOf(
      "GreaterThanOrEqualToThreshold",
      "GreaterThanThreshold",
      "LessThanThreshold",
      "LessThanOrEqualToThreshold",
    ),
  }),
  datapointsToAlarm: number(),
  dimensions: map(),
  evaluationPeriods: number({ required: true }),
  extendedStatistic: string(),
  insufficientDataActions: set(string()),
  metricName: string({ required: true }),
  name: string({ required: true, replace: true }),
  namespace: string({ required: true }),
  okActions: set(string()),
  period: number({ required: true }),
  statistic: string({ check: oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum") }),
  threshold: number({ required: true }),
  treatMissingData: string({ default: "missing", check: oneOf("missing", "ignore", "breaching", "notBreaching") }),
  unit: string(),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

/** What is not sent is reset (CloudWatch API reference, PutMetricAlarm); tags are heeded by the first call only. */
const request = (inputs: Inputs): PutMetricAlarmCommandInput => ({
  AlarmName: inputs.name,
  AlarmDescription: inputs.alarmDescription,
  ActionsEnabled: inputs.actionsEnabled,
  AlarmActions: [...(inputs.alarmActions ?? [])],
  OKActions: [...(inputs.okActions ?? [])],
  InsufficientDataActions: [...(inputs.insufficientDataActions ?? [])],
  Namespace: inputs.namespace,
  MetricName: inputs.metricName,
  Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
  // The SDK lists the words it knows; Check and CloudWatch judge.
  Statistic: inputs.statistic as Statistic | undefined,
  ExtendedStatistic: inputs.extendedStatistic,
  Unit: inputs.unit as StandardUnit | undefined,
  ComparisonOperator: inputs.comparisonOperator as ComparisonOperator,
  Period: inputs.period,
  EvaluationPeriods: inputs.evaluationPeriods,
  DatapointsToAlarm: inputs.datapointsToAlarm,
  Threshold: inputs.threshold,
  TreatMissingData: inputs.treatMissingData,
  Tags: toTagList(inputs.tagsAll),
});

/** Metric maths and anomaly detection are not known. */
export const metricAlarm = resource({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  inputs: INPUTS,
  outputs: ["arn"],
  autoName: { property: "name", max: 255 },
  async create(context, inputs) {
    await context.client(CloudWatchClient).send(new PutMetricAlarmCommand(request(inputs)));
    return inputs.name;
  },
  async read(context, id) {
    const client = context.client(CloudWatchClient);
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [id] }));
    const found = MetricAlarms?.find(({ AlarmName }) => AlarmName === id);
    if (!found) return undefined;
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: found.AlarmArn }));
    const dimensions = (found.Dimensions ?? []).flatMap(({ Name, Value }) => (Name ? [[Name, Value]] : []));
    return {
      arn: found.AlarmArn,
      name: found.AlarmName,
      actionsEnabled: found.ActionsEnabled,
      alarmActions: found.AlarmActions,
      alarmDescription: found.AlarmDescription,
      comparisonOperator: found.ComparisonOperator,
      datapointsToAlarm: found.DatapointsToAlarm,
      dimensions: Object.fromEntries(dimensions),
      evaluationPeriods: found.EvaluationPeriods,
      extendedStatistic: found.ExtendedStatistic,
      insufficientDataActions: found.InsufficientDataActions,
      metricName: found.MetricName,
      namespace: found.Namespace,
      okActions: found.OKActions,
      period: found.Period,
      statistic: found.Statistic,
      threshold: found.Threshold,
      treatMissingData: found.TreatMissingData ?? "missing",
      unit: found.Unit,
      tagsAll: fromTagList(Tags),
    };
  },
  async update(context, _id, next, prior, changed) {
    const client = context.client(CloudWatchClient);
    await client.send(new PutMetricAlarmCommand(request(next)));
    if (!changed.has("tagsAll")) return;
    const { set: added, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    const ResourceARN = `arn:${context.partition}:cloudwatch:${context.region}:${context.account}:alarm:${next.name}`;
    if (unset.length > 0) await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: unset }));
    if (Object.keys(added).length > 0) {
      await client.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(added) }));
    }
  },
  async remove(context, id) {
    // Of a name that is not there AWS says nothing (CloudWatch API reference, DeleteAlarms).
    await context.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
  },
});
