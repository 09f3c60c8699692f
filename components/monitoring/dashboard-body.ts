import { type Dimensions, type MetricName, NAMESPACE, stackDimensions } from "../../core/names/metrics.js";
import { namesOf, type Site } from "../site.js";

/** The dashboard's grid is 24 wide (CloudWatch API reference, "Dashboard Body Structure and Syntax"). */
const WIDE = 24;
const HALF = 12;
const HEIGHT = 6;

interface Line {
  readonly label: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
}

/** What the dashboard shows: alarms, ages of the newest points, points, runs and what is in flight. */
export function dashboardBody(site: Site, alarmArns: readonly string[]): object {
  const { deployment, role, region, policies } = site.settings;
  const stack = stackDimensions(deployment, role, region);
  const of = (metric: MetricName, label: string, more: Dimensions = {}): Line => ({
    label,
    namespace: NAMESPACE,
    metric,
    dimensions: { ...stack, ...more },
  });
  const each = (metrics: readonly MetricName[]) =>
    policies.flatMap(({ name }) =>
      metrics.map((metric) => of(metric, metrics.length > 1 ? `${name} ${metric}` : name, { Policy: name })),
    );
  const letters: Line = {
    label: "dead letters",
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: namesOf(site).deadLetters },
  };
  const failures = [of("CreatesFailed", "creates"), of("CopiesFailed", "copies"), of("DeletesFailed", "deletes")];
  const graphs = [
    graph(region, "Age of the oldest newest point, seconds", "Maximum", each(["RpoMaxAge"])),
    graph(region, "Longest overdue point, seconds", "Maximum", each(["RpoOverdue"])),
    graph(region, "Points", "Maximum", each(["PointsCompleted", "PointsPending", "PointsFailed"])),
    graph(region, "Runs", "Sum", [of("RunSucceeded", "succeeded"), of("RunFailed", "failed")]),
    graph(region, "Resources selected", "Maximum", each(["Selected"])),
    ...(role === "dr"
      ? [graph(region, "Copies in flight into this region", "Maximum", [of("CopiesInFlight", "copies")])]
      : []),
    graph(region, "Failures and dead letters", "Maximum", [...failures, letters]),
  ];
  return {
    widgets: [
      {
        type: "alarm",
        x: 0,
        y: 0,
        width: WIDE,
        height: 3,
        properties: { title: `Lockstep ${namesOf(site).prefix}`, alarms: alarmArns },
      },
      ...graphs.map((widget, i) => ({
        ...widget,
        x: (i % 2) * HALF,
        y: 3 + Math.floor(i / 2) * HEIGHT,
        width: HALF,
        height: HEIGHT,
      })),
    ],
  };
}

const graph = (region: string, title: string, stat: "Sum" | "Maximum", lines: readonly Line[]) => ({
  type: "metric",
  properties: {
    title,
    region,
    stat,
    period: 900,
    view: "timeSeries",
    metrics: lines.map(({ namespace, metric, dimensions, label }) => [
      namespace,
      metric,
      ...Object.entries(dimensions).flat(),
      { label },
    ]),
  },
});
