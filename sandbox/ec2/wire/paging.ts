import { hash } from "node:crypto";
import type { Call } from "../call.js";
import { Ec2Error, invalidCombination, invalidValue } from "./errors.js";
import type { Params } from "./protocol.js";
import { leaf } from "./xml.js";

interface Page {
  /** Without MaxResults everything comes in one page (API reference: "If you do not specify this parameter, ... returns all results"). */
  readonly size: number;
  /** Position of the last row of the page before. */
  readonly after: string;
  token(position: string): string;
}

interface PageRule {
  /** The parameter with ids, when it was given: AWS refuses MaxResults beside it. */
  readonly ids?: string;
  /** What AWS does with MaxResults over 1000: snapshots and volumes "only 1,000 results are returned", others refuse. */
  readonly over: "clamp" | "refuse";
  /** @default 5 to 1000 */
  readonly limits?: PageLimits;
}

/** Least and most that MaxResults may be. */
export type PageLimits = readonly [least: number, most: number];

const digest = (text: string): string => hash("sha256", text, "base64url").slice(0, 22);

/**
 * Reads MaxResults (5 to 1000; API reference of each Describe action; message from the field) and NextToken. A token is
 * good only for the same action, region and other parameters: AWS leaves open what happens otherwise, so it is refused.
 */
export function readPage(call: Call, params: Params, rule: PageRule): Page {
  const max = params.integer("MaxResults");
  const given = params.optional("NextToken");
  if (rule.ids !== undefined && (max !== undefined || given !== undefined)) {
    throw invalidCombination(`The parameter ${rule.ids} cannot be used with the parameter maxResults`);
  }
  const [least, most] = rule.limits ?? [5, 1000];
  if (max !== undefined && max < least) {
    throw invalidValue(
      `Value ( ${max} ) for parameter maxResults is invalid. Expecting a value greater than ${least}.`,
    );
  }
  if (max !== undefined && max > most && rule.over === "refuse") {
    throw invalidValue(
      `Value ( ${max} ) for parameter maxResults is invalid. Expecting a value less than or equal to ${most}.`,
    );
  }
  const mark = digest(`${call.action} ${call.region} ${params.fingerprint("MaxResults", "NextToken", "DryRun")}`);
  let after = "";
  if (given) {
    const [theirs, position] = Buffer.from(given, "base64url").toString("utf8").split(" ");
    if (theirs !== mark || position === undefined) {
      throw new Ec2Error("InvalidPaginationToken", "The specified pagination token is not valid or is expired.");
    }
    after = position;
  }
  return {
    size: max === undefined ? Number.POSITIVE_INFINITY : Math.min(max, most),
    after,
    token: (position) => Buffer.from(`${mark} ${position}`).toString("base64url"),
  };
}

/** One page of the rows that pass, and the token of the next one if there is one. */
export function cut<T>(
  rows: Iterable<T>,
  page: Page,
  keep: (row: T) => boolean,
  position: (row: T) => string,
): { rows: T[]; next: string } {
  const found: T[] = [];
  for (const row of rows) {
    if (!keep(row)) continue;
    const last = found.at(-1);
    if (found.length >= page.size && last !== undefined)
      return { rows: found, next: leaf("nextToken", page.token(position(last))) };
    found.push(row);
  }
  return { rows: found, next: "" };
}
