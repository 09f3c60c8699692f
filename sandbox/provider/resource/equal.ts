import { isList, isProps, type Value } from "../wire.js";
import { sameJson } from "./same-json.js";
import type { Prop } from "./schema.js";

/** Not given: the official provider cannot tell an empty or zero value of an optional property from none. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return isList(value) ? value.length === 0 : isProps(value) && Object.keys(value).length === 0;
}

/** JSON with its keys in order, so that equal values give equal text. */
export function canonical(value: Value): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isProps(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** Assets and archives are the same when the engine's hashes are. */
function sameContent(left: Value, right: Value): boolean {
  if (!isProps(left) || !isProps(right)) return false;
  return typeof left["hash"] === "string" && left["hash"] === right["hash"];
}

/** Whether two values of a property mean the same to AWS. */
export function same(prop: Prop, left: Value, right: Value): boolean {
  if (isEmpty(left) && isEmpty(right)) return true;
  if (left === undefined || right === undefined) return prop.kind === "object" && saysNothing(prop, left ?? right);
  if (prop.same?.(left, right)) return true;
  switch (prop.kind) {
    case "string":
    case "number":
    case "boolean":
      return left === right;
    case "json":
      return sameJson(left, right);
    case "archive":
    case "asset":
      return sameContent(left, right);
    case "map":
      return canonical(left) === canonical(right);
    case "list":
      return sameItems(prop, left, right);
    case "set":
      return sameItems(prop, alignSet(prop, right, left), right);
    case "object":
      return Object.entries(prop.fields ?? {}).every(([name, field]) => {
        const [a, b] = [isProps(left) ? left[name] : undefined, isProps(right) ? right[name] : undefined];
        return same(field, a, b) || (field.computed && b === undefined);
      });
  }
}

/** An object all of whose fields are as if they were not given. */
function saysNothing(prop: Prop, value: Value): boolean {
  return (
    isProps(value) && Object.entries(prop.fields ?? {}).every(([name, field]) => same(field, value[name], undefined))
  );
}

function sameItems(prop: Prop, left: Value, right: Value): boolean {
  if (!isList(left) || !isList(right) || left.length !== right.length) return false;
  const { of } = prop;
  return of !== undefined && left.every((item, index) => same(of, item, right[index]));
}

/** The elements of a set in the order of another's equal ones; the others after them. */
export function alignSet(prop: Prop, order: Value, values: Value): Value {
  const { of, key } = prop;
  if (!isList(order) || !isList(values) || of === undefined) return values;
  const left = [...values];
  const aligned: Value[] = [];
  for (const wanted of order) {
    const index = left.findIndex((item) =>
      key !== undefined && isProps(item) && isProps(wanted) ? item[key] === wanted[key] : same(of, item, wanted),
    );
    if (index >= 0) aligned.push(...left.splice(index, 1));
  }
  return [...aligned, ...left];
}

/** What AWS says, in the form of what is known wherever both mean the same: the order of a set, the spacing of JSON. */
export function adopt(prop: Prop, seen: Value, known: Value): Value {
  const { fields, of } = prop;
  if (fields && isProps(seen) && isProps(known)) {
    const names = Object.keys({ ...known, ...seen }).filter((name) => name in fields);
    const adopted = names.map((name) => {
      const field = fields[name];
      return [name, field && name in seen ? adopt(field, seen[name], known[name]) : known[name]];
    });
    return Object.fromEntries(adopted);
  }
  if (of && isList(seen) && isList(known)) {
    const aligned = prop.kind === "set" ? alignSet(prop, known, seen) : seen;
    return isList(aligned) ? aligned.map((item, index) => adopt(of, item, known[index])) : seen;
  }
  return known !== undefined && same(prop, seen, known) ? known : seen;
}
