import { UnknownInPolicy } from "./context.js";
import { requireOperator } from "./operators.js";

/** Who a statement of a resource's policy is about; undefined in the policy of a role. */
export interface Principals {
  /** `NotPrincipal`: everybody else. */
  readonly not: boolean;
  /** ARNs, account ids or `*`. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  /** Its Sid, or `#2` for the second without one. */
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** `NotAction`: all others than these. */
  readonly notActions: boolean;
  /** Undefined in policies that need none, as of a role's trust. */
  readonly resources: readonly string[] | undefined;
  readonly notResources: boolean;
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
}

/** A policy, read. */
export interface Policy {
  /** Of an inline policy, or the ARN of a managed one or of the resource. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

const ELEMENTS = [
  ...["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"],
];

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a policy document (IAM user guide, "Grammar of the IAM JSON policy language"). Throws UnknownInPolicy for what cannot
 * be judged. Variables are replaced in all policies: the older version of the language, which has none, is not told apart.
 */
export function parsePolicy(name: string, document: unknown): Policy {
  const read: unknown = typeof document === "string" ? JSON.parse(document) : document;
  if (!isFields(read)) throw new UnknownInPolicy(`the policy ${name}, which is no object`);
  const { Statement = [] } = read;
  const all: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  return { name, statements: all.map((one, i) => statement(name, one, i)) };
}

function statement(policy: string, value: unknown, index: number): Statement {
  const where = `of the policy ${policy}`;
  if (!isFields(value)) throw new UnknownInPolicy(`statement ${index + 1} ${where}, which is no object`);
  const strange = Object.keys(value).find((element) => !ELEMENTS.includes(element));
  if (strange !== undefined) throw new UnknownInPolicy(`the element ${strange} ${where}`);
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal } = value;
  if (Effect !== "Allow" && Effect !== "Deny") throw new UnknownInPolicy(`the Effect ${String(Effect)} ${where}`);
  const resources = Resource ?? NotResource;
  const whom = Principal ?? NotPrincipal;
  return {
    sid: typeof Sid === "string" && Sid !== "" ? Sid : `#${index + 1}`,
    effect: Effect,
    actions: texts(Action ?? NotAction).map((action) => action.toLowerCase()),
    notActions: Action === undefined,
    resources: resources === undefined ? undefined : texts(resources),
    notResources: Resource === undefined,
    principals: whom === undefined ? undefined : principals(whom, Principal === undefined),
    conditions: conditions(value["Condition"]),
  };
}

function principals(value: unknown, not: boolean): Principals {
  if (!isFields(value)) return { not, aws: texts(value), services: [] };
  return { not, aws: texts(value["AWS"] ?? []), services: texts(value["Service"] ?? []) };
}

function conditions(value: unknown): Condition[] {
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) => {
    requireOperator(operator);
    return isFields(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) }))
      : [];
  });
}

/** One text or several; numbers and truth values count as their text. */
const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);
