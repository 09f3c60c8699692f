import type { Item, Value } from "./items.js";

/** A comparison with an attribute that is absent is false, as in DynamoDB. */
export type Clause =
  | { readonly attribute: string; readonly is: "absent" }
  | { readonly attribute: string; readonly is: "=" | "<"; readonly value: string | number };

/** True when all clauses of any group are. Data and no text, so that a table in memory needs no parser. */
export type Condition = readonly (readonly Clause[])[];

export interface Change {
  readonly set?: Item;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/** Collects names and values; every name goes through a placeholder, so that none is a reserved word. */
function placeholders() {
  const names: Record<string, string> = {};
  const values: Record<string, Value> = {};
  return {
    name(attribute: string) {
      names[`#${attribute}`] = attribute;
      return `#${attribute}`;
    },
    value(value: Value) {
      const placeholder = `:v${Object.keys(values).length}`;
      values[placeholder] = value;
      return placeholder;
    },
    // DynamoDB refuses empty ones.
    parts: () => ({
      ExpressionAttributeNames: names,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}

type Placeholders = ReturnType<typeof placeholders>;

function conditionText(when: Condition, p: Placeholders): string {
  const clauseText = (clause: Clause) =>
    clause.is === "absent"
      ? `attribute_not_exists(${p.name(clause.attribute)})`
      : `${p.name(clause.attribute)} ${clause.is} ${p.value(clause.value)}`;
  return when.map((group) => `(${group.map(clauseText).join(" AND ")})`).join(" OR ");
}

/** The part of a write that says when it may happen. */
export function conditionOf(when: Condition | undefined) {
  if (!when) return {};
  const p = placeholders();
  const ConditionExpression = conditionText(when, p);
  return { ConditionExpression, ...p.parts() };
}

/** The part of an update that says what becomes of the item, and when. */
export function updateOf({ set = {}, add = {}, remove = [] }: Change, when: Condition | undefined) {
  const p = placeholders();
  const clauses = [
    ["SET", Object.entries(set).map(([name, value]) => `${p.name(name)} = ${p.value(value)}`)],
    ["ADD", Object.entries(add).map(([name, value]) => `${p.name(name)} ${p.value(value)}`)],
    ["REMOVE", remove.map((name) => p.name(name))],
  ] as const;
  const texts = clauses.flatMap(([verb, parts]) => (parts.length > 0 ? [`${verb} ${parts.join(", ")}`] : []));
  const condition = when && { ConditionExpression: conditionText(when, p) };
  return { UpdateExpression: texts.join(" "), ...condition, ...p.parts() };
}
