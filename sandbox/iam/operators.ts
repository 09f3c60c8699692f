import { BlockList, isIPv6 } from "node:net";
import { type Context, UnknownInPolicy } from "./context.js";
import { fits, matches, substitute } from "./pattern.js";

/** Compares one value of the request with one of the policy. */
type Compare = (actual: string, wanted: string, context: Context) => boolean;

/** Compares after the variables of the policy's value are replaced. */
const plainly =
  (compare: (actual: string, wanted: string) => boolean): Compare =>
  (actual, wanted, context) => {
    const text = substitute(wanted, context);
    return text !== undefined && compare(actual, text);
  };

const lower =
  (compare: Compare): Compare =>
  (actual, wanted, context) =>
    compare(actual.toLowerCase(), wanted.toLowerCase(), context);

const numbers = (compare: (actual: number, wanted: number) => boolean): Compare =>
  plainly((actual, wanted) => compare(Number(actual), Number(wanted)));

/** ISO 8601 or seconds since the epoch. */
const time = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const dates = (compare: (actual: number, wanted: number) => boolean): Compare =>
  plainly((actual, wanted) => compare(time(actual), time(wanted)));

function inRange(address: string, range: string): boolean {
  const list = new BlockList();
  const [start = "", bits] = range.split("/");
  const family = isIPv6(start) ? "ipv6" : "ipv4";
  if (bits === undefined) list.addAddress(start, family);
  else list.addSubnet(start, Number(bits), family);
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** "Each of the six colon-delimited components of the ARN is checked separately and each can include wildcards." */
const arn: Compare = (actual, wanted, context) => {
  const parts = components(wanted);
  return components(actual).every((part, i) => fits(parts[i] ?? "", part, context));
};

function components(text: string): string[] {
  // A colon inside a variable is no separator.
  const parts = text.replaceAll(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(":", "\0")).split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")].map((part) => part.replaceAll("\0", ":"));
}

/** IAM user guide, "IAM JSON policy elements: Condition operators". */
const COMPARE: Readonly<Record<string, Compare>> = {
  StringEquals: plainly((actual, wanted) => actual === wanted),
  StringEqualsIgnoreCase: lower(plainly((actual, wanted) => actual === wanted)),
  StringLike: (actual, wanted, context) => fits(wanted, actual, context),
  ArnEquals: arn,
  ArnLike: arn,
  Bool: lower(plainly((actual, wanted) => actual === wanted)),
  IpAddress: plainly(inRange),
  NumericEquals: numbers((actual, wanted) => actual === wanted),
  NumericLessThan: numbers((actual, wanted) => actual < wanted),
  NumericLessThanEquals: numbers((actual, wanted) => actual <= wanted),
  NumericGreaterThan: numbers((actual, wanted) => actual > wanted),
  NumericGreaterThanEquals: numbers((actual, wanted) => actual >= wanted),
  DateEquals: dates((actual, wanted) => actual === wanted),
  DateLessThan: dates((actual, wanted) => actual < wanted),
  DateLessThanEquals: dates((actual, wanted) => actual <= wanted),
  DateGreaterThan: dates((actual, wanted) => actual > wanted),
  DateGreaterThanEquals: dates((actual, wanted) => actual >= wanted),
};

/** Operators that hold where the one they deny does not. */
const DENIED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NotIpAddress: "IpAddress",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
};

interface Operator {
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly compare: Compare;
}

function operatorOf(name: string): Operator {
  const [, set, plain = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  const denied = Object.hasOwn(DENIED, plain) ? DENIED[plain] : undefined;
  const known = denied ?? plain;
  const compare = Object.hasOwn(COMPARE, known) ? COMPARE[known] : undefined;
  if (!compare) throw new UnknownInPolicy(`the condition operator ${name}`);
  // The expression lets no other prefix through.
  return { set: set as Operator["set"], negated: denied !== undefined, ifExists: ifExists !== undefined, compare };
}

/** Whether the operator is one that can be judged; throws for others. */
export function requireOperator(name: string): void {
  if (name !== "Null") operatorOf(name);
}

/** Whether one line of a Condition block holds: an operator, a key and the policy's values, of which one is enough. */
export function holds(name: string, key: string, wanted: readonly string[], context: Context): boolean {
  const actual = context.get(key);
  if (name === "Null") return wanted.some((value) => matches(value.toLowerCase(), String(actual === undefined)));
  const { set, negated, ifExists, compare } = operatorOf(name);
  // "Multivalued context keys": ForAllValues holds for an empty set, ForAnyValue does not, whatever the operator.
  if (actual === undefined || actual.length === 0) return set ? set === "ForAllValues" : ifExists || negated;
  const one = (value: string): boolean => wanted.some((want) => compare(value, want, context)) !== negated;
  // Without a set operator there is one value; of several, a denied comparison must hold for each.
  const all = set === "ForAllValues" || (set === undefined && negated);
  return all ? actual.every(one) : actual.some(one);
}
