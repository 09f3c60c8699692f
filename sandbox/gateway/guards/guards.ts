import type { AwsError } from "../errors.js";
import { putEvents, putRule, putTargets } from "./events.js";
import { type Parameters, unsupported } from "./refusal.js";
import { createStateMachine, startExecution, updateStateMachine } from "./states.js";

/** A request on its way to the emulator. */
export interface Guarded {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly body: Buffer | undefined;
}

type Guard = (parameters: Parameters, region: string) => AwsError | undefined;

/** Parameter Store is all that is emulated of SSM. */
const SSM_ACTIONS = [
  "PutParameter",
  "GetParameter",
  "GetParameters",
  "GetParametersByPath",
  "GetParameterHistory",
  "DescribeParameters",
  "DeleteParameter",
  "DeleteParameters",
  "AddTagsToResource",
  "RemoveTagsFromResource",
  "ListTagsForResource",
];

const GUARDS: Readonly<Record<string, Guard>> = {
  "states:CreateStateMachine": createStateMachine,
  "states:UpdateStateMachine": updateStateMachine,
  "states:ValidateStateMachineDefinition": createStateMachine,
  "states:StartExecution": startExecution,
  "events:PutRule": putRule,
  "events:PutTargets": putTargets,
  "events:PutEvents": putEvents,
  // The emulator takes every event for a match.
  "logs:FilterLogEvents": ({ filterPattern }) =>
    typeof filterPattern === "string" && /^\s*[{[%]/.test(filterPattern)
      ? unsupported(`logs:FilterLogEvents with the pattern ${filterPattern}: only terms are known`)
      : undefined,
};

/** The error to answer with, where the emulator would silently ignore something or accept nonsense. */
export function guard({ service, action, region, body }: Guarded): AwsError | undefined {
  if (service === "ssm" && !SSM_ACTIONS.includes(action)) return unsupported(`ssm:${action}`);
  const check = GUARDS[`${service}:${action}`];
  if (!check || !body) return undefined;
  let parameters: unknown;
  try {
    parameters = JSON.parse(body.toString("utf8"));
  } catch {
    return { status: 400, code: "SerializationException", message: "the body is not JSON" };
  }
  if (typeof parameters !== "object" || parameters === null) {
    return { status: 400, code: "SerializationException", message: "the body is not an object" };
  }
  // Checked above; its values stay unknown.
  return check(parameters as Parameters, region);
}
