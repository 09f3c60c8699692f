import pMap from "p-map";
import type { Finalize, Lock } from "../../core/model/model.js";
import { causeOf, kindOf } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { type HandDeps, makeHand } from "./executor.js";
import { type Outcome, type Result, resultOf } from "./result.js";

const CONCURRENCY = 5;

/** LockSnapshot of one snapshot. */
export type PutLock = (snapshot: string, lock: Lock) => Promise<void>;
/** CreateTags on one snapshot. */
export type PutTags = (snapshot: string, tags: Readonly<Record<string, string>>) => Promise<void>;

interface Puts {
  readonly putLock: PutLock;
  readonly putTags: PutTags;
}

/** Does what new snapshots still lack, each on its own. */
export const makeFinalize = (deps: HandDeps & Puts) =>
  makeHand("finalize", deps, async (actions) => ({
    results: await pMap(actions, (action) => finalizePoint(deps, action), { concurrency: CONCURRENCY }),
  }));

async function finalizePoint({ putLock, putTags }: Puts, action: Finalize): Promise<Result> {
  const done: string[] = [];
  for (const snapshot of action.artifacts) {
    try {
      if (action.lock !== undefined) await putLock(snapshot, action.lock);
      const tags = action.tags?.[snapshot];
      if (tags !== undefined) await putTags(snapshot, tags);
      done.push(snapshot);
    } catch (error) {
      return resultOf(action, outcomeOf(error), done, error);
    }
  }
  return resultOf(action, "done", done);
}

/** One that failed or was deleted meanwhile needs nothing any more. */
function outcomeOf(error: unknown): Outcome {
  if (["IncorrectState", "InvalidSnapshot.NotFound"].includes(causeOf(error).code)) return "kept";
  return kindOf(error) === "throttle" ? "later" : "failed";
}

/**
 * Locks what was made a moment ago, so that there is no time in which it is free. What cannot be locked is a snapshot all the
 * same: the next plan sees what it lacks.
 */
export async function lockNew(
  putLock: PutLock,
  lock: Lock | undefined,
  snapshots: readonly string[],
  log: Log,
): Promise<void> {
  if (lock === undefined) return;
  for (const snapshot of snapshots) {
    try {
      await putLock(snapshot, lock);
    } catch (error) {
      log.warn("a new snapshot is not locked yet", { snapshot, error });
    }
  }
}

/** Whether an event is for this hand of a function that has two. */
export const isFinalize = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "hand" in event && event.hand === "finalize";
