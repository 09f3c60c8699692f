import { BadExpression, parseExpression } from "./expression.js";
import { invalid, type ScheduleSettings, type Target } from "./model.js";
import { fill } from "./placeholders.js";

type Fields = Readonly<Record<string, unknown>>;

const SCHEDULE_FIELDS = [
  "ActionAfterCompletion",
  "ClientToken",
  "Description",
  "EndDate",
  "FlexibleTimeWindow",
  "GroupName",
  "KmsKeyArn",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "StartDate",
  "State",
  "Target",
];

/** Reads the body of CreateSchedule or UpdateSchedule; what the sandbox does not do is refused by name. */
export function parseSettings(body: Fields, now: number): ScheduleSettings {
  knows(body, SCHEDULE_FIELDS, "");
  const ScheduleExpression = text(body, "ScheduleExpression");
  const ScheduleExpressionTimezone = optionalText(body, "ScheduleExpressionTimezone") ?? "UTC";
  try {
    parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  } catch (error) {
    if (error instanceof BadExpression)
      throw invalid(`Invalid Schedule Expression ${ScheduleExpression}: ${error.message}`);
    throw error;
  }
  const window = fields(body, "FlexibleTimeWindow");
  if (choice(window, "Mode", ["OFF", "FLEXIBLE"], undefined) === "FLEXIBLE") {
    throw invalid(
      "FlexibleTimeWindow.Mode FLEXIBLE is not supported by the sandbox: its invocation times would be random",
    );
  }
  knows(window, ["Mode"], "FlexibleTimeWindow.");
  return {
    ScheduleExpression,
    ScheduleExpressionTimezone,
    State: choice(body, "State", ["ENABLED", "DISABLED"], "ENABLED"),
    ActionAfterCompletion: choice(body, "ActionAfterCompletion", ["NONE", "DELETE"], "NONE"),
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: target(fields(body, "Target")),
    ...dates(body, now),
    ...optional("Description", optionalText(body, "Description")),
    ...optional("KmsKeyArn", optionalText(body, "KmsKeyArn")),
  };
}

/** StartDate at most five minutes ago, EndDate after it and in the future (CreateSchedule API reference). */
function dates(body: Fields, now: number): { StartDate?: number; EndDate?: number } {
  const start = time(body, "StartDate");
  const end = time(body, "EndDate");
  if (start !== undefined && start < now - 300_000) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (end !== undefined && end <= Math.max(now, start ?? 0)) {
    throw invalid("The EndDate you specify must come after the StartDate and cannot be in the past.");
  }
  return { ...optional("StartDate", start), ...optional("EndDate", end) };
}

function target(given: Fields): Target {
  knows(given, ["Arn", "DeadLetterConfig", "Input", "RetryPolicy", "RoleArn", "SqsParameters"], "Target.");
  const Arn = text(given, "Arn");
  if (
    !/^arn:aws:(lambda:[^:]+:\d{12}:function:.+|states:[^:]+:\d{12}:stateMachine:.+|sqs:[^:]+:\d{12}:.+)$/.test(Arn)
  ) {
    throw invalid(
      `Provided Arn is not in correct format, or not of a Lambda function, state machine or SQS queue, which are the targets the sandbox knows: ${Arn}`,
    );
  }
  const RoleArn = text(given, "RoleArn");
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(RoleArn)) throw invalid(`RoleArn is not the ARN of a role: ${RoleArn}`);
  const retry = fields(given, "RetryPolicy", {});
  knows(retry, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"], "Target.RetryPolicy.");
  const letters = fields(given, "DeadLetterConfig", {});
  knows(letters, ["Arn"], "Target.DeadLetterConfig.");
  const queue = fields(given, "SqsParameters", {});
  knows(queue, ["MessageGroupId"], "Target.SqsParameters.");
  const input = optionalText(given, "Input");
  if (input !== undefined && !Arn.startsWith("arn:aws:sqs:")) checkJson(input);
  return {
    Arn,
    RoleArn,
    RetryPolicy: {
      // Ranges and defaults of the API reference, RetryPolicy.
      MaximumEventAgeInSeconds: whole(retry, "MaximumEventAgeInSeconds", 60, 86_400, 86_400),
      MaximumRetryAttempts: whole(retry, "MaximumRetryAttempts", 0, 185, 185),
    },
    ...optional("Input", input),
    ...(given["DeadLetterConfig"] ? { DeadLetterConfig: { ...optional("Arn", optionalText(letters, "Arn")) } } : {}),
    ...(given["SqsParameters"]
      ? { SqsParameters: { ...optional("MessageGroupId", optionalText(queue, "MessageGroupId")) } }
      : {}),
  };
}

/** Functions and state machines take JSON, with the placeholders filled in. */
function checkJson(input: string): void {
  try {
    JSON.parse(fill(input, { arn: "arn", scheduled: 0, execution: "id", attempt: 1 }));
  } catch {
    throw invalid("Target.Input must be JSON");
  }
}

export function knows(given: Fields, names: readonly string[], prefix: string): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`The sandbox does not know the parameter ${prefix}${unknown}`);
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  // The computed key widens the type to any string.
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };
}

export function optionalText(given: Fields, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`${name} must be a string`);
  return value;
}

function text(given: Fields, name: string): string {
  const value = optionalText(given, name);
  if (!value) throw invalid(`${name} is required`);
  return value;
}

function time(given: Fields, name: string): number | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw invalid(`${name} must be a time in seconds since the epoch`);
  return value * 1000;
}

function fields(given: Fields, name: string, absent?: Fields): Fields {
  const value = given[name] ?? absent;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`${name} is required`);
  // Checked above; its values stay unknown.
  return value as Fields;
}

function whole(given: Fields, name: string, min: number, max: number, absent: number): number {
  const value = given[name] ?? absent;
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw invalid(`${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function choice<Value extends string>(given: Fields, name: string, values: readonly Value[], absent?: Value): Value {
  const value = given[name] ?? absent;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(`${name} must be ${values.join(" or ")}`);
  return found;
}

/** Reads a list of tags. */
export function parseTags(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {};
  if (!Array.isArray(given)) throw invalid("Tags must be a list");
  return Object.fromEntries(
    given.map((item: unknown): [string, string] => {
      const { Key, Value } =
        typeof item === "object" && item !== null ? { Key: undefined, Value: undefined, ...item } : {};
      if (typeof Key !== "string" || typeof Value !== "string") throw invalid("A tag has a Key and a Value");
      return [Key, Value];
    }),
  );
}
