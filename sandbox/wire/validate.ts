import { ApiError, sandboxUnsupported } from "./errors.js";
import type { ServiceModel, Shape } from "./model.js";

/** A value of a request, where it lies, and what it should be. */
interface Place {
  readonly model: ServiceModel;
  readonly shape: Shape;
  /** As AWS writes it: `tags.1.member.key`. */
  readonly path: readonly string[];
}

/** What an operation reads: paths as `WindowsConfiguration.Aliases`; all beneath a path is read too. */
export type Taken = readonly string[];

const JSON_TYPES: Readonly<Record<Shape["type"], (value: unknown) => boolean>> = {
  structure: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  map: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  list: (value) => Array.isArray(value),
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
  long: (value) => Number.isInteger(value),
  double: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  timestamp: (value) => typeof value === "number",
};

/**
 * Holds the JSON of a request against the API's model: types, required members, lengths, patterns and enumerations. All that is
 * wrong is said at once, in AWS's words (seen in the field: awsdocs/aws-cloudformation-user-guide#439), with the service's `code`.
 * A member that AWS has and the operation does not read is SandboxUnsupported.
 */
export function checkInput(
  model: ServiceModel,
  action: string,
  input: unknown,
  { taken, code }: { readonly taken: Taken; readonly code: string },
): void {
  const shape = model.shapes[model.operations[action]?.input?.shape ?? ""];
  if (!shape) throw sandboxUnsupported(`the operation ${action}`);
  const wrong = [...problems({ model, shape, path: [] }, input)];
  if (wrong.length > 0) {
    const count = `${wrong.length} validation error${wrong.length === 1 ? "" : "s"} detected`;
    throw new ApiError(code, `${count}: ${wrong.join("; ")}`);
  }
  const unread = unreadPath(input, taken, "");
  if (unread !== undefined) throw sandboxUnsupported(`${unread} of ${action}`);
}

function* problems(place: Place, value: unknown): Generator<string> {
  const { shape, path } = place;
  if (!JSON_TYPES[shape.type](value)) {
    throw new ApiError("SerializationException", `${path.join(".") || "the request"} is not of type ${shape.type}`);
  }
  if (shape.type === "structure") yield* structureProblems(place, value as Readonly<Record<string, unknown>>);
  else if (shape.type === "list") {
    yield* sizeProblems(place, (value as readonly unknown[]).length, value);
    for (const [i, one] of (value as readonly unknown[]).entries())
      yield* problems(inner(place, shape.member?.shape, [String(i + 1), "member"]), one);
  } else if (shape.type === "string") yield* textProblems(place, value as string);
  else if (shape.type !== "map" && typeof value === "number") yield* numberProblems(place, value);
}

/** The checks above say that the value is an object. */
function* structureProblems(place: Place, value: Readonly<Record<string, unknown>>): Generator<string> {
  const { members = {}, required = [] } = place.shape;
  for (const name of required)
    if (value[name] === undefined || value[name] === null)
      yield failed(null, [...place.path, name], "Member must not be null");
  for (const [name, one] of Object.entries(value)) {
    const reference = members[name];
    if (!reference) throw sandboxUnsupported(`the member ${[...place.path, name].join(".")}: the API's model has none`);
    if (one !== null && one !== undefined) yield* problems(inner(place, reference.shape, [name]), one);
  }
}

function inner({ model, path }: Place, name: string | undefined, further: readonly string[]): Place {
  const shape = model.shapes[name ?? ""];
  if (!shape) throw new Error(`the API's model has no shape ${name}`);
  return { model, shape, path: [...path, ...further] };
}

function* textProblems(place: Place, value: string): Generator<string> {
  const { shape, path } = place;
  yield* sizeProblems(place, value.length, value);
  if (shape.enum && !shape.enum.includes(value))
    yield failed(value, path, `Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  if (shape.pattern !== undefined && !regularExpression(shape.pattern).test(value))
    yield failed(value, path, `Member must satisfy regular expression pattern: ${shape.pattern}`);
}

function* sizeProblems({ shape, path }: Place, length: number, value: unknown): Generator<string> {
  if (shape.min !== undefined && length < shape.min)
    yield failed(value, path, `Member must have length greater than or equal to ${shape.min}`);
  if (shape.max !== undefined && length > shape.max)
    yield failed(value, path, `Member must have length less than or equal to ${shape.max}`);
}

function* numberProblems({ shape, path }: Place, value: number): Generator<string> {
  if (shape.min !== undefined && value < shape.min)
    yield failed(value, path, `Member must have value greater than or equal to ${shape.min}`);
  if (shape.max !== undefined && value > shape.max)
    yield failed(value, path, `Member must have value less than or equal to ${shape.max}`);
}

function failed(value: unknown, path: readonly string[], constraint: string): string {
  const shown = value === null ? "null" : `'${typeof value === "string" ? value : JSON.stringify(value)}'`;
  const place = path.map((part) => `${part.charAt(0).toLowerCase()}${part.slice(1)}`).join(".");
  return `Value ${shown} at '${place}' failed to satisfy constraint: ${constraint}`;
}

/** The model's patterns are Java's, and must match the whole. */
const regularExpression = (pattern: string): RegExp =>
  // Classes as \p{L} need the flag, which forbids other harmless escapes.
  new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");

function unreadPath(value: unknown, taken: Taken, path: string): string | undefined {
  if (taken.includes(path)) return undefined;
  if (Array.isArray(value)) return value.map((one) => unreadPath(one, taken, path)).find((one) => one !== undefined);
  const isOnTheWay = path === "" || taken.some((one) => one.startsWith(`${path}.`));
  if (typeof value !== "object" || value === null || !isOnTheWay) return path;
  return Object.entries(value)
    .map(([name, one]) => unreadPath(one, taken, path === "" ? name : `${path}.${name}`))
    .find((one) => one !== undefined);
}
