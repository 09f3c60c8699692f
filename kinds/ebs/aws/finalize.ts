import type { Finalize } from "../../../core/model/model.js";
import type { Answer } from "../../backend.js";
import { causeOf, isThrottle } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { finalizeDetail } from "../details.js";
import type { Lock } from "../lock-config.js";
import type { PutLock, PutTags } from "./puts.js";

interface Puts {
  readonly putLock: PutLock;
  readonly putTags: PutTags;
}

/** Does what new snapshots of a point still lack. */
export const makeFinalizing =
  ({ putLock, putTags }: Puts) =>
  async (action: Finalize): Promise<Answer> => {
    const { lock, tags = {} } = finalizeDetail(action);
    const done: string[] = [];
    for (const snapshot of action.artifacts) {
      try {
        if (lock !== undefined) await putLock(snapshot, lock);
        const lacking = tags[snapshot];
        if (lacking !== undefined) await putTags(snapshot, lacking);
        done.push(snapshot);
      } catch (error) {
        return { is: whatOf(error), why: causeOf(error), artifacts: done };
      }
    }
    return { is: "done", artifacts: done };
  };

/** One that failed or was deleted meanwhile needs nothing any more. */
function whatOf(error: unknown): "kept" | "later" | "failed" {
  if (["IncorrectState", "InvalidSnapshot.NotFound"].includes(causeOf(error).code)) return "kept";
  return isThrottle(error) ? "later" : "failed";
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
