import type { Tags } from "../state/base.js";
import { Ec2Error, invalidValue, missingParameter } from "./errors.js";
import type { Params } from "./protocol.js";

type Value = string | number | boolean | undefined;

/** The filters of one Describe action: what of a row each one looks at. */
export type FilterTable<T> = Readonly<Record<string, (row: T) => Value | readonly Value[]>>;

const toPattern = (wanted: string): ((value: string) => boolean) => {
  if (!/[*?\\]/.test(wanted)) return (value) => value === wanted;
  // "*" is any number of characters, "?" is one, a backslash takes the next one as it is (EC2 user guide, "Filter your
  // resources", "Wildcards").
  const source = wanted.replace(/\\(.)|[\s\S]/g, (char, literal: string | undefined) => {
    if (literal !== undefined) return literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    if (char === "*") return "[\\s\\S]*";
    return char === "?" ? "[\\s\\S]" : char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  const pattern = new RegExp(`^${source}$`);
  return (value) => pattern.test(value);
};

type TagsOf<T> = (row: T) => Tags;

function valuesOf<T>(table: FilterTable<T>, name: string, tagsOf?: TagsOf<T>): (row: T) => readonly Value[] {
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (known) return (row) => [known(row)].flat();
  if (tagsOf && name.startsWith("tag:") && name.length > 4) {
    const key = name.slice(4);
    return (row) => {
      const tags = tagsOf(row);
      return Object.hasOwn(tags, key) ? [tags[key]] : [];
    };
  }
  if (tagsOf && name === "tag-key") return (row) => Object.keys(tagsOf(row));
  // AWS's code for a filter that the action does not have. The same for one that only the sandbox does not have.
  throw invalidValue(`The filter '${name}' is invalid`);
}

/** Gives a Describe action the filters `tag-key` and `tag:<key>`. */
export const tagsOf = (row: { readonly tags: Tags }): Tags => row.tags;

/**
 * Reads `Filter.N`: filters are joined by AND, values of one by OR, both are case-sensitive (API reference of each Describe
 * action). At most 50 filters with 200 values each in a request (EC2 user guide, "Filter your resources").
 */
export function readFilters<T>(params: Params, table: FilterTable<T>, tags?: TagsOf<T>): (row: T) => boolean {
  const tests = params.structures("Filter").map((filter) => {
    const name = filter.required("Name");
    const wanted = filter.strings("Value");
    if (wanted.length === 0) throw missingParameter(`Filter value of '${name}'`);
    if (wanted.length > 200) throw new Ec2Error("FilterLimitExceeded", `The filter '${name}' has more than 200 values`);
    const patterns = wanted.map(toPattern);
    const values = valuesOf(table, name, tags);
    return (row: T) =>
      values(row).some((value) => value !== undefined && patterns.some((matches) => matches(String(value))));
  });
  if (tests.length > 50) throw new Ec2Error("FilterLimitExceeded", "The request has more than 50 filters");
  return (row) => tests.every((test) => test(row));
}
