import type { FunctionName } from "../../core/names/names.js";

/** Where a function runs and what it may use. */
export interface Env {
  readonly deployment: string;
  readonly role: "primary" | "dr";
  readonly region: string;
  /** Part of the names of the peers' buckets. */
  readonly account: string;
  readonly table: string;
  readonly bucket: string;
  readonly topicArn: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the environment once, at cold start. All that is wrong with it is in one error. */
export function readEnv(variables: Variables): Env {
  const problems: string[] = [];
  const need = (name: string): string => {
    const value = variables[name] ?? "";
    if (value === "") problems.push(`${name} is not set`);
    return value;
  };
  const role = need("LOCKSTEP_ROLE");
  const topicArn = need("LOCKSTEP_TOPIC_ARN");
  const env = {
    deployment: need("LOCKSTEP_DEPLOYMENT"),
    role: role === "dr" ? ("dr" as const) : ("primary" as const),
    region: need("AWS_REGION"),
    account: topicArn.split(":")[4] ?? "",
    table: need("LOCKSTEP_TABLE"),
    bucket: need("LOCKSTEP_BUCKET"),
    topicArn,
  };
  if (role !== "" && role !== env.role) problems.push(`LOCKSTEP_ROLE is "${role}": it must be primary or dr`);
  if (topicArn !== "" && env.account === "") problems.push(`LOCKSTEP_TOPIC_ARN is "${topicArn}": it is not an ARN`);
  if (problems.length > 0) throw new Error(`the function's environment is wrong: ${problems.join("; ")}`);
  return env;
}

/** What the ARNs of all executions begin with (Service Authorization Reference, "AWS Step Functions"). */
export function executionsArn({ topicArn, region, account }: Env): string {
  const [, partition] = topicArn.split(":");
  return `arn:${partition}:states:${region}:${account}:execution`;
}

/** The state machine that the trigger starts. */
export function readStateMachineArn(variables: Variables): string {
  const arn = variables["LOCKSTEP_STATE_MACHINE_ARN"] ?? "";
  if (arn === "") throw new Error("the function's environment is wrong: LOCKSTEP_STATE_MACHINE_ARN is not set");
  return arn;
}

/** Fields that every log line of a function carries. */
export const logFields = (env: Env, fn: FunctionName) => ({
  fn,
  deployment: env.deployment,
  role: env.role,
  region: env.region,
});
