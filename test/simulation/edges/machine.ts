import type { State, StateMachine } from "../../../machines/reconcile.asl.js";

/** What an execution needs of its surroundings. */
export interface Surroundings {
  readonly name: string;
  readonly invoke: (arn: string, payload: unknown) => Promise<unknown>;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to 1, for jitter. */
  readonly roll: (what: string) => number;
}

/** The execution was stopped: nothing catches that. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

function must<T>(value: unknown, is: (value: unknown) => value is T, what: string): T {
  if (is(value)) return value;
  throw new Error(
    `the state machine has ${JSON.stringify(value)} where ${what} must be; teach test/simulation/edges/machine.ts`,
  );
}
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

interface Scope {
  readonly data: Json;
  readonly name: string;
}

/** A path, or the one intrinsic function that Reconcile uses (Step Functions developer guide, "Intrinsic functions"). */
function resolve(path: string, scope: Scope): unknown {
  const sum = /^States\.MathAdd\((\$[\w.]*), (-?\d+)\)$/.exec(path);
  if (sum !== null) return must(resolve(sum[1] ?? "", scope), isNumber, "a number") + Number(sum[2]);
  if (path === "$$.Execution.Name") return scope.name;
  if (!/^\$(\.\w+)*$/.test(path)) throw new Error(`the path ${path} is not known here`);
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>(
      (value, field) => must(must(value, isJson, `the parent of ${path}`)[field], isDefined, path),
      scope.data,
    );
}

// What is not there fails an execution (States.ParameterPathFailure).
const isDefined = (value: unknown): value is unknown => value !== undefined;

function template(value: unknown, scope: Scope): unknown {
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key.endsWith(".$")
        ? [key.slice(0, -2), resolve(must(inner, isText, "a path"), scope)]
        : [key, template(inner, scope)],
    ),
  );
}

/** Puts a result at a path like `$.plan`. */
function placed(data: Json, path: unknown, result: unknown): Json {
  if (path === undefined) return must(result, isJson, "an object");
  const field = /^\$\.(\w+)$/.exec(must(path, isText, "a path"))?.[1];
  if (field === undefined) throw new Error(`the result path ${JSON.stringify(path)} is not known here`);
  return { ...data, [field]: result };
}

function chosen(state: State, scope: Scope): string {
  for (const choice of must(state["Choices"], isList, "choices")) {
    const { Variable, Next, ...test } = must(choice, isJson, "a choice");
    const value = resolve(must(Variable, isText, "a path"), scope);
    const [[operator, operand] = []] = Object.entries(test);
    if (
      operator === "NumericGreaterThan"
        ? Number(value) > Number(operand)
        : operator === "BooleanEquals" && value === operand
    )
      return must(Next, isText, "a state");
    if (operator !== "NumericGreaterThan" && operator !== "BooleanEquals")
      throw new Error(`the choice ${operator ?? ""} is not known here`);
  }
  return must(state["Default"], isText, "a default");
}

const matches = (rule: Json, error: Error): boolean => {
  const names = must(rule["ErrorEquals"], isList, "names of errors");
  return names.includes("States.ALL") || names.includes(error.name);
};
const rules = (list: unknown): readonly Json[] =>
  isList(list) ? list.map((rule) => must(rule, isJson, "a rule")) : [];

async function task(state: State, scope: Scope, { invoke, roll, sleep }: Surroundings): Promise<unknown> {
  const { FunctionName, Payload } = must(template(state["Parameters"], scope), isJson, "parameters");
  const tries = new Map<Json, number>();
  for (;;) {
    try {
      const result = { Payload: await invoke(must(FunctionName, isText, "a function"), Payload) };
      return state["ResultSelector"] === undefined
        ? result
        : template(state["ResultSelector"], { ...scope, data: result });
    } catch (cause) {
      if (!(cause instanceof Error) || cause instanceof Aborted) throw cause;
      const retry = rules(state["Retry"]).find((rule) => matches(rule, cause));
      const tried = retry === undefined ? 0 : (tries.get(retry) ?? 0);
      if (retry === undefined || tried >= Number(retry["MaxAttempts"])) throw cause;
      tries.set(retry, tried + 1);
      const longest = Number(retry["IntervalSeconds"]) * Number(retry["BackoffRate"]) ** tried;
      await sleep(1000 * Math.min(Number(retry["MaxDelaySeconds"]), longest) * roll(`retry ${tried}`));
    }
  }
}

/** Runs a definition as Step Functions does, as far as Reconcile uses it; whatever else it says is an error here. */
export async function execute(machine: StateMachine, around: Surroundings): Promise<"SUCCEEDED" | "FAILED"> {
  let data: Json = {};
  let name = machine.StartAt;
  for (;;) {
    const state = must(machine.States[name], isJson, `the state ${name}`);
    const scope: Scope = { data, name: around.name };
    switch (state["Type"]) {
      case "Succeed":
        return "SUCCEEDED";
      case "Fail":
        return "FAILED";
      case "Choice":
        name = chosen(state, scope);
        continue;
      case "Pass":
        data = must(template(state["Parameters"], scope), isJson, "an object");
        break;
      case "Task":
        try {
          data = placed(data, state["ResultPath"], await task(state, scope, around));
        } catch (cause) {
          const caught =
            cause instanceof Error ? rules(state["Catch"]).find((rule) => matches(rule, cause)) : undefined;
          if (!(cause instanceof Error) || cause instanceof Aborted || caught === undefined) throw cause;
          const error = { Error: cause.name, Cause: JSON.stringify({ errorMessage: cause.message }) };
          data = placed(data, caught["ResultPath"], error);
          name = must(caught["Next"], isText, "a state");
          continue;
        }
        break;
      default:
        throw new Error(
          `a state of the type ${JSON.stringify(state["Type"])} is not known here; teach test/simulation/edges/machine.ts`,
        );
    }
    name = must(state["Next"], isText, "a next state");
  }
}
