import type { Item, Key } from "./table.js";

/** Where the ledger has what a run did. */
export const runKey = (runId: string): Key => ({ pk: "run", sk: runId });

/** A number of an item of the ledger; 0 where there is none. */
export const numberIn = (item: Item | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === "number" ? value : 0;
};

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
