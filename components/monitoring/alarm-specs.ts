import type { Policy } from "../../core/model/model.js";
import { type Dimensions, type MetricName, NAMESPACE, stackDimensions } from "../../core/names/metrics.js";
import { namesOf, type Site } from "../site.js";

/** An alarm as CloudWatch takes it. */
export interface AlarmSpec {
  /** Last part of its name, and its key among the outputs. */
  readonly what: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly statistic: "Sum" | "Maximum";
  readonly when: "atLeast" | "below" | "above";
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** What silence means (CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data"). */
  readonly missing: "breaching" | "notBreaching" | "ignore";
}

const MINUTE = 60;
/** A region at rest makes a run each quarter of an hour. */
const QUARTER = 15 * MINUTE;

/** The alarms of a primary or DR stack. */
export function alarmSpecs(site: Site): AlarmSpec[] {
  const { policies, role, region } = site.settings;
  const covered = policies.filter((policy) => role === "primary" || policy.copy.some((rule) => rule.region === region));
  return [
    ...runAlarms(site),
    handAlarm(site),
    ...covered.flatMap((policy) => rpoAlarm(site, policy)),
    ...(role === "primary" ? policies.map((policy) => selectionAlarm(site, policy)) : []),
    deadLettersAlarm(site),
    testAlarm(site),
  ];
}

const own = (site: Site, metric: MetricName, policy?: Policy) => {
  const { deployment, role, region } = site.settings;
  const dimensions = stackDimensions(deployment, role, region);
  return { namespace: NAMESPACE, metric, dimensions: policy ? { ...dimensions, Policy: policy.name } : dimensions };
};

const runAlarms = (site: Site): AlarmSpec[] => [
  {
    what: "run-failed",
    description: "The last run stopped before its end. Look at the log groups of the functions.",
    ...own(site, "RunFailed"),
    statistic: "Maximum",
    when: "atLeast",
    threshold: 1,
    periodSeconds: 5 * MINUTE,
    periods: 1,
    // Until a run says otherwise.
    missing: "ignore",
  },
  {
    what: "no-run",
    description: "No run has ended well for half an hour. Look at the tick's schedule and at the executions.",
    ...own(site, "RunSucceeded"),
    statistic: "Sum",
    when: "below",
    threshold: 1,
    periodSeconds: 30 * MINUTE,
    periods: 1,
    missing: "breaching",
  },
];

/** Of what makes this region's points. */
function handAlarm(site: Site): AlarmSpec {
  const isPrimary = site.settings.role === "primary";
  return {
    what: isPrimary ? "create-failed" : "copy-failed",
    description: `${isPrimary ? "A point" : "A copy"} could not be made: AWS refused it, or could not finish it. It is tried again.`,
    ...own(site, isPrimary ? "CreatesFailed" : "CopiesFailed"),
    statistic: "Maximum",
    when: "atLeast",
    threshold: 1,
    periodSeconds: 5 * MINUTE,
    periods: 1,
    missing: "ignore",
  };
}

/** Where others alone make the points, nobody knows when the next one is due. */
function rpoAlarm(site: Site, policy: Policy): AlarmSpec[] {
  if (policy.schedule === undefined) return [];
  const alarm: AlarmSpec = {
    what: `rpo-${policy.name}`,
    description: `A resource of ${policy.name} has no point here of the time at which the last one was due, nor a newer one.`,
    ...own(site, "RpoOverdue", policy),
    statistic: "Maximum",
    when: "above",
    threshold: 0,
    periodSeconds: QUARTER,
    // Two looks: a resource that was just found gets its first point before the second.
    periods: 2,
    missing: "ignore",
  };
  return [alarm];
}

const selectionAlarm = (site: Site, policy: Policy): AlarmSpec => ({
  what: `nothing-selected-${policy.name}`,
  description: `The policy ${policy.name} protects nothing. Look at its selection and at the tags of the resources.`,
  ...own(site, "Selected", policy),
  statistic: "Maximum",
  when: "below",
  threshold: 1,
  periodSeconds: QUARTER,
  periods: 1,
  missing: "ignore",
});

/** Tried at deployment, and by `lockstep alarm`: it goes the way that all others go. */
const testAlarm = (site: Site): AlarmSpec => ({
  what: "test",
  description: "Only a test: somebody tries whether alarms reach people. Nothing needs to be done.",
  ...own(site, "TestAlarm"),
  statistic: "Maximum",
  when: "atLeast",
  threshold: 1,
  periodSeconds: MINUTE,
  periods: 1,
  missing: "notBreaching",
});

const deadLettersAlarm = (site: Site): AlarmSpec => ({
  what: "dead-letters",
  description:
    "An event or a call did not reach the trigger. Its message in the queue says why; the tick makes up for it.",
  namespace: "AWS/SQS",
  metric: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: namesOf(site).deadLetters },
  statistic: "Maximum",
  when: "atLeast",
  threshold: 1,
  periodSeconds: 5 * MINUTE,
  periods: 1,
  // SQS says nothing of a queue that nobody has used for hours (SQS developer guide, "CloudWatch metrics").
  missing: "notBreaching",
});
