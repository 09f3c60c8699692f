import * as v from "valibot";

/** What the ledger's items are made of. */
const Value = v.union([
  v.string(),
  v.number(),
  v.boolean(),
  v.pipe(v.array(v.string()), v.readonly()),
  v.pipe(v.record(v.string(), v.number()), v.readonly()),
]);
export type Value = v.InferOutput<typeof Value>;

const Item = v.pipe(v.record(v.string(), Value), v.readonly());
export type Item = v.InferOutput<typeof Item>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as it was read: what Lockstep does not write is not guessed at. */
export function itemOf(raw: unknown): Item {
  const result = v.safeParse(Item, raw);
  if (result.success) return result.output;
  const attribute = v.getDotPath(result.issues[0]) ?? "(whole)";
  throw new Error(`attribute "${attribute}" of an item of the ledger has a type that Lockstep does not write`);
}

/** Where the ledger has what a run did. */
export const runKey = (runId: string): Key => ({ pk: "run", sk: runId });

/** A number of an item of the ledger; 0 where there is none. */
export const numberIn = (item: Item | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === "number" ? value : 0;
};

/** Numbers by name; none where there are none. */
export function numbersIn(item: Item | undefined, name: string): Readonly<Record<string, number>> {
  const value = item?.[name];
  const isRecord = typeof value === "object" && !Array.isArray(value);
  // Array.isArray does not narrow a readonly array.
  return isRecord ? (value as Readonly<Record<string, number>>) : {};
}

/** A text of an item; empty where there is none. */
export const textIn = (item: Item, name: string): string => {
  const value = item[name];
  return typeof value === "string" ? value : "";
};

/** A list of texts of an item; empty where there is none. */
export function textsIn(item: Item, name: string): readonly string[] {
  const value = item[name];
  // Array.isArray does not narrow a readonly array.
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
