import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { topicPlace } from "../../core/config/notify.js";
import { arnsOf } from "../iam/arns.js";
import { namesOf, type Site } from "../site.js";
import { type AlarmSpec, alarmSpecs } from "./alarm-specs.js";
import { dashboardBody } from "./dashboard-body.js";

export interface MonitoringArgs {
  readonly site: Site;
  /** Where alarms are told. */
  readonly topicArn: pulumi.Input<string>;
}

const OPERATOR = {
  atLeast: "GreaterThanOrEqualToThreshold",
  above: "GreaterThanThreshold",
  below: "LessThanThreshold",
} as const satisfies Record<AlarmSpec["when"], string>;

/** Alarms can tell topics of their own region only, so that of another is told of alerts alone. */
function existingTopic({ settings, notify }: Site): string[] {
  const topic = notify?.topic;
  return topic !== undefined && topicPlace(topic)?.region === settings.region ? [topic] : [];
}

/** Alarms on what the runs measure, and on their absence; a dashboard that shows both. */
export class Monitoring extends pulumi.ComponentResource {
  /** ARN of each alarm, by what it is about. */
  readonly alarmArns: pulumi.Output<Record<string, string>>;
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, { site, topicArn }: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:cloudwatch:Monitoring", name, {}, opts);
    const specs = alarmSpecs(site);
    const topics = [topicArn, ...existingTopic(site)];
    const alarms = specs.map((spec) => [spec.what, this.#alarm(name, site, spec, topics).arn] as const);
    // By their names, so that the dashboard need not wait for them.
    const arns = pulumi.all(specs.map(({ what }) => arnsOf(site).alarm(what)));
    const dashboard = new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: namesOf(site).dashboard(site.settings.region),
        dashboardBody: arns.apply((known) => JSON.stringify(dashboardBody(site, known))),
      },
      { parent: this },
    );
    this.alarmArns = pulumi.output(Object.fromEntries(alarms));
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ alarmArns: this.alarmArns, dashboardName: this.dashboardName });
  }

  #alarm(name: string, site: Site, spec: AlarmSpec, topics: pulumi.Input<string>[]): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${spec.what}`,
      {
        name: namesOf(site).alarm(spec.what),
        alarmDescription: spec.description,
        namespace: spec.namespace,
        metricName: spec.metric,
        dimensions: { ...spec.dimensions },
        statistic: spec.statistic,
        comparisonOperator: OPERATOR[spec.when],
        threshold: spec.threshold,
        period: spec.periodSeconds,
        evaluationPeriods: spec.periods,
        datapointsToAlarm: spec.periods,
        treatMissingData: spec.missing,
        alarmActions: topics,
        okActions: topics,
      },
      { parent: this },
    );
  }
}
