import type { Call } from "./call.js";
import { badRequest } from "./errors.js";

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/**
 * One page, in the order of a key that means nothing (ids are random), because the API promises no order. Filters are applied
 * to what lies in the page: "The implementation might return fewer than MaxResults ... while still including a NextToken"
 * (API_DescribeBackups), even none at all.
 */
export function page<T>(
  { settings }: Pick<Call, "settings">,
  { MaxResults = settings.pageRows, NextToken }: PageRequest,
  all: readonly T[],
  keyOf: (row: T) => string,
  keep: (row: T) => boolean = () => true,
): { readonly rows: T[]; readonly next: { readonly NextToken?: string } } {
  const after = NextToken === undefined ? "" : read(NextToken);
  const rest = all.filter((row) => keyOf(row) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rows = rest.slice(0, Math.min(MaxResults, settings.pageRows));
  const last = rows.at(-1);
  const isMore = rows.length < rest.length && last !== undefined;
  return { rows: rows.filter(keep), next: isMore ? { NextToken: encode(keyOf(last)) } : {} };
}

const MARK = "after ";
const encode = (key: string): string => Buffer.from(MARK + key).toString("base64");

function read(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith(MARK)) throw badRequest("NextToken is not valid");
  return text.slice(MARK.length);
}
