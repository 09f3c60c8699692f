import type { Action } from "../../core/model/model.js";
import { type HandName, runKeys } from "../../core/names/names.js";
import { causeOf } from "../lib/errors.js";
import type { Bucket } from "../store/bucket.js";

export type Outcome =
  | "done"
  /** It was already there. */
  | "adopted"
  /** Not now and no failure: throttled, no slot, or claimed by a call whose end is not known. A later run does it. */
  | "later"
  /** AWS refused to delete it because something uses or locks it. */
  | "kept"
  /** Not done, because the stack only plans. */
  | "planned"
  | "failed";

/** What became of one action. */
export interface Result {
  readonly outcome: Outcome;
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly point: string;
  readonly artifacts: readonly string[];
  /** AWS's error code. */
  readonly code?: string;
  readonly cause?: string;
}

/** A result of an action; an error is put into words. */
export function resultOf(action: Action, outcome: Outcome, artifacts: readonly string[], error?: unknown): Result {
  const { region, policy, resource, point } = action;
  const base = { outcome, region, policy, resource, point, artifacts };
  if (error === undefined) return base;
  if (typeof error === "string") return { ...base, cause: error };
  const { code, message } = causeOf(error);
  return { ...base, code, cause: message };
}

/** Counts for the state machine; what was kept needs no more work. */
export function tally(results: readonly Result[]) {
  const count = (...outcomes: Outcome[]) => results.filter((result) => outcomes.includes(result.outcome)).length;
  return { done: count("done", "adopted", "kept"), failed: count("failed"), later: count("later") };
}

/** How many were left undone because the stack only plans. */
export const onlyPlanned = (results: readonly Result[]): number =>
  results.filter(({ outcome }) => outcome === "planned").length;

/** Every result that a hand wrote in a run: each object begins where the one before ended. */
export async function readResults(bucket: Bucket, runId: string, hand: HandName, planned: number): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < planned) {
    const lines = await bucket.readLines(runKeys(runId).results(hand, results.length));
    if (lines === undefined || lines.length === 0) break;
    results.push(...lines.filter(isResult));
  }
  return results;
}

/** Written by makeHand; only the discriminating field is checked. */
const isResult = (line: unknown): line is Result => typeof line === "object" && line !== null && "outcome" in line;
