import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Change, Condition, Item, Value } from "./table.js";

type Attributes = Record<string, AttributeValue>;

function toAttribute(value: Value): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (isList(value)) return { L: value.map((S) => ({ S })) };
  return { M: Object.fromEntries(Object.entries(value).map(([name, n]) => [name, { N: String(n) }])) };
}

// Array.isArray does not narrow a readonly array.
const isList = (value: Value): value is readonly string[] => Array.isArray(value);

function fromAttribute(name: string, value: AttributeValue): Value {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map((entry) => entry.S ?? unknown(name));
  if (value.M !== undefined) {
    return Object.fromEntries(Object.entries(value.M).map(([key, entry]) => [key, Number(entry.N ?? unknown(name))]));
  }
  return unknown(name);
}

function unknown(name: string): never {
  throw new Error(`attribute "${name}" of an item of the ledger has a type that Lockstep does not write`);
}

export const toAttributes = (item: Item): Attributes =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));

export const fromAttributes = (item: Attributes): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(name, value)]));

/** Collects names and values; every name goes through a placeholder, so that none is a reserved word. */
function placeholders() {
  const names: Record<string, string> = {};
  const values: Attributes = {};
  let next = 0;
  return {
    name(attribute: string) {
      const placeholder = `#a${next++}`;
      names[placeholder] = attribute;
      return placeholder;
    },
    value(value: Value) {
      const placeholder = `:v${next++}`;
      values[placeholder] = toAttribute(value);
      return placeholder;
    },
    parts: () => ({
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}

type Placeholders = ReturnType<typeof placeholders>;

function conditionText(when: Condition, p: Placeholders): string {
  const groups = when.map((group) =>
    group
      .map((clause) =>
        clause.is === "absent"
          ? `attribute_not_exists(${p.name(clause.attribute)})`
          : `${p.name(clause.attribute)} ${clause.is} ${p.value(clause.value)}`,
      )
      .join(" AND "),
  );
  return groups.map((group) => `(${group})`).join(" OR ");
}

export function compileCondition(when: Condition | undefined) {
  if (!when) return {};
  const p = placeholders();
  const ConditionExpression = conditionText(when, p);
  return { ConditionExpression, ...p.parts() };
}

export function compileUpdate(change: Change, when: Condition | undefined) {
  const p = placeholders();
  const set = Object.entries(change.set ?? {}).map(([name, value]) => `${p.name(name)} = ${p.value(value)}`);
  const add = Object.entries(change.add ?? {}).map(([name, value]) => `${p.name(name)} ${p.value(value)}`);
  const remove = (change.remove ?? []).map((name) => p.name(name));
  const clauses = [
    set.length > 0 ? `SET ${set.join(", ")}` : "",
    add.length > 0 ? `ADD ${add.join(", ")}` : "",
    remove.length > 0 ? `REMOVE ${remove.join(", ")}` : "",
  ];
  const UpdateExpression = clauses.filter((clause) => clause !== "").join(" ");
  return { UpdateExpression, ...(when && { ConditionExpression: conditionText(when, p) }), ...p.parts() };
}
