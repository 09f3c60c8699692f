import validate from "asl-validator";
import type { AwsError } from "../errors.js";
import { findUnsupported } from "./definition.js";
import { type Parameters, unsupported } from "./refusal.js";

/** Step Functions developer guide, "Service quotas". */
const INPUT_LIMIT = 262_144;

const invalidDefinition = (message: string): AwsError => ({ status: 400, code: "InvalidDefinition", message });

export function createStateMachine(parameters: Parameters): AwsError | undefined {
  if (parameters["type"] === "EXPRESS") return unsupported("state machines of type EXPRESS");
  return checkDefinition(parameters["definition"]);
}

export function updateStateMachine({ definition }: Parameters): AwsError | undefined {
  return definition === undefined ? undefined : checkDefinition(definition);
}

/** The emulator accepts any JSON and ignores what it does not run. */
function checkDefinition(text: unknown): AwsError | undefined {
  const parse = (): unknown => JSON.parse(String(text));
  let definition: unknown;
  try {
    definition = parse();
  } catch {
    return invalidDefinition("Invalid State Machine Definition: the definition is not JSON");
  }
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) {
    return invalidDefinition("Invalid State Machine Definition: the definition is not an object");
  }
  // The validator writes into what it gets. The text is an object, as checked above.
  const result = validate(parse() as Record<string, unknown>);
  if (!result.isValid) return invalidDefinition(`Invalid State Machine Definition: ${result.errorsText("; ")}`);
  const found = findUnsupported(definition as Record<string, unknown>);
  return found ? invalidDefinition(`The sandbox cannot run this state machine: ${found}`) : undefined;
}

/** Names and sizes of the StartExecution API reference. */
export function startExecution({ name, input }: Parameters): AwsError | undefined {
  if (typeof name === "string" && (/[\s<>{}[\]?*"#%\\^|~`$&,;:/]|\p{Cc}/u.test(name) || name.length > 80)) {
    return { status: 400, code: "InvalidName", message: `Invalid Name: '${name}'` };
  }
  if (typeof input === "string" && Buffer.byteLength(input) > INPUT_LIMIT) {
    const message = `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${INPUT_LIMIT}`;
    return { status: 400, code: "ValidationException", message };
  }
  return undefined;
}
