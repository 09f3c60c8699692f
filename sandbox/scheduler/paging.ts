import { invalid } from "./model.js";

/** Names of schedules and groups (API reference). */
export function checkName(name: string): void {
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name)) throw invalid(`The name ${name} must match [0-9a-zA-Z-_.]{1,64}`);
}

export function checkQuery(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys()) {
    if (!names.includes(name)) throw invalid(`The sandbox does not know the parameter ${name}`);
  }
}

/** One page of a list, with the token of the next. */
export function page<T>(all: readonly T[], query: URLSearchParams): { items: T[]; next: { NextToken?: string } } {
  const size = Number(query.get("MaxResults") ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw invalid("MaxResults must be from 1 to 100");
  const token = query.get("NextToken");
  const from = token === null ? 0 : Number(/^from-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw invalid("NextToken is not valid");
  const end = from + size;
  return { items: all.slice(from, end), next: end < all.length ? { NextToken: `from-${end}` } : {} };
}
