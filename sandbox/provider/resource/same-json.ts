import { isDeepStrictEqual } from "node:util";
import { isList, isProps, type Value } from "../wire.js";

/** A one-element list and its element mean the same in IAM policies. */
function unwrapSingle(value: Value): Value {
  if (isList(value)) {
    const items = value.map(unwrapSingle);
    return items.length === 1 ? items[0] : items;
  }
  if (!isProps(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSingle(inner)]));
}

/** Whether two texts are the same JSON. */
export function sameJson(left: Value, right: Value): boolean {
  return compareJson(left, right, (value) => value);
}

/** Whether two IAM policies say the same. */
export function samePolicy(left: Value, right: Value): boolean {
  return compareJson(left, right, unwrapSingle);
}

function compareJson(left: Value, right: Value, form: (value: Value) => Value): boolean {
  if (left === right) return true;
  if (typeof left !== "string" || typeof right !== "string") return false;
  try {
    return isDeepStrictEqual(form(JSON.parse(left)), form(JSON.parse(right)));
  } catch {
    // Not JSON (a plain text input of a target): only equal text is equal.
    return false;
  }
}
