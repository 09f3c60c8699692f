import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Keys, alarms and a dashboard, with and without what may be left out. */
export function watching(o: CustomResourceOptions) {
  const root = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::000000000000:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [root] });
  const key = new aws.kms.Key("key", { description: "d", enableKeyRotation: true, deletionWindowInDays: 7, policy }, o);
  new aws.kms.Key("plain-key", {}, o);
  new aws.kms.Alias("alias", { targetKeyId: key.keyId }, o);
  new aws.kms.Alias("alias-by-arn", { name: "alias/by-arn", targetKeyId: key.arn }, o);
  const topic = new aws.sns.Topic("encrypted", { kmsMasterKeyId: key.arn }, o);
  const metric = { namespace: "Test", metricName: "Age", statistic: "Maximum", dimensions: { Role: "dr", Of: "x" } };
  const limit = { comparisonOperator: "GreaterThanThreshold", threshold: 0, period: 60, evaluationPeriods: 2 };
  const tell = { alarmActions: [topic.arn], okActions: [topic.arn] };
  new aws.cloudwatch.MetricAlarm("alarm", { ...metric, ...limit, ...tell, datapointsToAlarm: 1 }, o);
  const silence = { treatMissingData: "breaching", alarmDescription: "d", unit: "Seconds", tags: { a: "b" } };
  new aws.cloudwatch.MetricAlarm("silence", { ...metric, ...limit, ...silence }, o);
  const widget = { type: "text", x: 0, y: 0, width: 6, height: 3, properties: { markdown: "hello" } };
  const dashboardBody = JSON.stringify({ widgets: [widget] });
  new aws.cloudwatch.Dashboard("dashboard", { dashboardName: "types", dashboardBody }, o);
}
