import { hasUnknown, isList, isProps, type Props, UNKNOWN, type Value } from "../wire.js";
import { alignSet, isEmpty, same } from "./equal.js";
import type { ResourceType } from "./resource.js";
import type { Prop } from "./schema.js";

export interface Change {
  /** Top-level property. */
  readonly property: string;
  /** Where inside it, in the engine's property path syntax. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

/** What would have to change to bring `state` (the last known outputs) to `news` (checked inputs). */
export function diff(type: ResourceType, state: Props, news: Props, ignored: readonly string[]): Change[] {
  const changes = Object.entries(type.inputs).flatMap(([property, prop]) =>
    compare(prop, state[property], news[property], property).map((change) => ({ ...change, property })),
  );
  return changes.filter(({ path }) => !ignored.some((prefix) => startsWith(path, prefix)));
}

function startsWith(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

type Found = Omit<Change, "property">;

function compare(prop: Prop, old: Value, now: Value, path: string, replace = prop.replace): Found[] {
  if (now === undefined && prop.computed) return [];
  // As the official provider plans it: what is not known yet may differ, also where that means a replacement.
  if (now === UNKNOWN) return [{ path, kind: old === undefined ? "add" : "update", replace }];
  if (!hasUnknown(now) && same(prop, old, now)) return [];
  if (isEmpty(now) && now !== false && now !== 0) return [{ path, kind: "delete", replace }];
  if (old === undefined) return [{ path, kind: "add", replace }];
  return inside(prop, old, now, path, replace) ?? [{ path, kind: "update", replace }];
}

/** The differences inside a value that is there on both sides; undefined where the whole value is the difference. */
function inside(prop: Prop, old: Value, now: Value, path: string, replace: boolean): Found[] | undefined {
  if (prop.kind === "map" && prop.of && isProps(old) && isProps(now)) {
    const { of } = prop;
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    return [...keys].flatMap((key) => compareEntry(of, old[key], now[key], pathTo(path, key), replace));
  }
  if (prop.kind === "object" && prop.fields && isProps(old) && isProps(now)) {
    return Object.entries(prop.fields).flatMap(([name, field]) =>
      compare(field, old[name], now[name], pathTo(path, name), replace || field.replace),
    );
  }
  if ((prop.kind === "list" || prop.kind === "set") && prop.of && isList(old) && isList(now)) {
    const { of } = prop;
    const aligned = prop.kind === "set" ? alignSet(prop, now, old) : old;
    if (!isList(aligned)) return undefined;
    const length = Math.max(aligned.length, now.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      compareEntry(of, aligned[index], now[index], `${path}[${index}]`, replace || of.replace),
    );
  }
  return undefined;
}

/** Elements and map entries are there or not; an empty one is not a missing one. */
function compareEntry(prop: Prop, old: Value, now: Value, path: string, replace: boolean): Found[] {
  if (now === undefined) return old === undefined ? [] : [{ path, kind: "delete", replace }];
  if (old === undefined) return [{ path, kind: "add", replace }];
  if (now === "") return old === "" ? [] : [{ path, kind: "update", replace }];
  return compare(prop, old, now, path, replace);
}

function pathTo(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
