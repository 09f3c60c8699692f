import type { Action } from "../../core/model/model.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import type { Answer } from "../../kinds/backend.js";
import type { Bucket } from "../store/bucket.js";

export type Outcome =
  | Answer["is"]
  /** It was already there. */
  | "adopted"
  /** Not done, because the stack only plans. */
  | "planned";

/** What is carried out of a plan. */
export type Planned = Extract<Action, { do: Verb }>;

/** What became of one action. */
export interface Result {
  readonly outcome: Outcome;
  /** What its resource is. */
  readonly kind: string;
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly point: string;
  readonly artifacts: readonly string[];
  /** AWS's error code. */
  readonly code?: string;
  readonly cause?: string;
  /** Of what waits: a quota that does not free itself is used up. Of what failed: AWS never does that. */
  readonly lasting?: true;
  /** There was no answer, or none that says so: it may have been done. */
  readonly unsure?: true;
}

/** An action that was not carried out, or was before. */
export function resultOf(
  { kind, region, policy, resource, point }: Planned,
  outcome: Outcome,
  artifacts: readonly string[] = [],
): Result {
  return { outcome, kind, region, policy, resource, point, artifacts };
}

/** What a kind answered, as the run keeps it. */
export function resultOfAnswer(action: Planned, answer: Answer): Result {
  const base = resultOf(action, answer.is, answer.is === "started" ? [] : answer.artifacts);
  if (answer.is === "done" || answer.is === "started") return base;
  const { code, message: cause } = answer.why;
  const lasting = (answer.is === "later" || answer.is === "failed") && answer.lasting === true;
  const unsure = answer.is === "failed" && answer.unsure === true;
  return {
    ...base,
    ...(code !== undefined && { code }),
    cause,
    ...(lasting && { lasting }),
    ...(unsure && { unsure }),
  };
}

/** Counts for the state machine; what was kept needs no more work. */
export function tally(results: readonly Result[]) {
  const count = (...outcomes: Outcome[]) => results.filter((result) => outcomes.includes(result.outcome)).length;
  return { done: count("done", "adopted", "started", "kept"), failed: count("failed"), later: count("later") };
}

/** How many were left undone because the stack only plans. */
export const onlyPlanned = (results: readonly Result[]): number =>
  results.filter(({ outcome }) => outcome === "planned").length;

/** Every result of a verb that was written in a run: each object begins where the one before ended. */
export async function readResults(bucket: Bucket, runId: string, verb: Verb, planned: number): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < planned) {
    const lines = await bucket.readLines(runKeys(runId).results(verb, results.length));
    if (lines === undefined || lines.length === 0) break;
    results.push(...lines.filter(isResult));
  }
  return results;
}

/** Written by makeExecutor; only the discriminating field is checked. */
const isResult = (line: unknown): line is Result => typeof line === "object" && line !== null && "outcome" in line;
