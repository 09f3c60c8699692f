import type { AwsError } from "../errors.js";
import { type Parameters, unsupported } from "./refusal.js";

const TARGET_FIELDS = [
  "Id",
  "Arn",
  "RoleArn",
  "Input",
  "InputPath",
  "InputTransformer",
  "SqsParameters",
  "DeadLetterConfig",
  "RetryPolicy",
];

/** Services that events are delivered to. */
const TARGET_SERVICES = ["lambda", "states", "sqs", "sns", "events"];

const invalid = (message: string): AwsError => ({ status: 400, code: "ValidationException", message });

export function putRule({ ScheduleExpression }: Parameters): AwsError | undefined {
  return ScheduleExpression
    ? unsupported("events:PutRule with ScheduleExpression: use EventBridge Scheduler")
    : undefined;
}

export function putEvents({ EndpointId }: Parameters): AwsError | undefined {
  return EndpointId ? unsupported("events:PutEvents with EndpointId") : undefined;
}

export function putTargets({ Targets }: Parameters, region: string): AwsError | undefined {
  const targets: readonly unknown[] = Array.isArray(Targets) ? Targets : [];
  for (const target of targets) {
    const problem = isParameters(target) ? checkTarget(target, region) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function isParameters(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null;
}

function checkTarget(target: Parameters, region: string): AwsError | undefined {
  const unknown = Object.keys(target).find((name) => !TARGET_FIELDS.includes(name));
  if (unknown !== undefined) return unsupported(`events:PutTargets with ${unknown}`);
  const arn = String(target["Arn"]);
  const [, , service = "", where, , resource = ""] = arn.split(":");
  if (!TARGET_SERVICES.includes(service)) return unsupported(`targets such as ${arn}`);
  if (service === "events") {
    if (!resource.startsWith("event-bus/")) return unsupported(`targets such as ${arn}`);
    const changed = ["Input", "InputPath", "InputTransformer"].find((name) => target[name] !== undefined);
    // An event bus gets the event as it is.
    return changed ? unsupported(`events:PutTargets with ${changed} for an event bus`) : undefined;
  }
  // AWS takes such a target and never delivers; only event buses may be in another region (EventBridge user guide,
  // "Sending events to an event bus in a different Region").
  if (where !== region)
    return unsupported(`the target ${arn} of a rule in ${region}: only event buses are reached there`);
  // PutTargets API reference: Lambda, SNS and SQS rely on their own policies, state machines on a role.
  if (service === "states" && !target["RoleArn"]) return invalid(`RoleArn is required for target ${arn}.`);
  return undefined;
}
