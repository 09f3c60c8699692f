import type { Role } from "./role.js";

/** Where all metrics of Lockstep are found in CloudWatch. */
export const NAMESPACE = "Lockstep";

/** Names of the metrics, each with its unit in CloudWatch's words. */
export const METRICS = {
  /** How much would be lost of one resource if this region's newest point of it were restored now. */
  RpoAge: "Seconds",
  /** The worst of a policy's resources. */
  RpoMaxAge: "Seconds",
  /** By how much a point is overdue that the policy's schedule wants, at worst. */
  RpoOverdue: "Seconds",
  /** Resources that the policy selects. */
  Selected: "Count",
  PointsCompleted: "Count",
  PointsPending: "Count",
  PointsFailed: "Count",
  /** Of a DR stack: its own copies in progress. */
  CopiesInFlight: "Count",
  /** What a run could not do: AWS refused it, or could not finish it. */
  CreatesFailed: "Count",
  CopiesFailed: "Count",
  DeletesFailed: "Count",
  /** Of each run one is 1 and the other 0. */
  RunSucceeded: "Count",
  RunFailed: "Count",
  /** 1 when somebody tries whether alarms reach people. */
  TestAlarm: "Count",
} as const;
export type MetricName = keyof typeof METRICS;

export type Dimensions = Readonly<Record<string, string>>;

/** The dimensions that all metrics have; those of a policy add `Policy`, those of a resource `Resource` too. */
export const stackDimensions = (deployment: string, role: Role, region: string) => ({
  Deployment: deployment,
  Role: role,
  Region: region,
});
