import pMap from "p-map";
import type { Delete } from "../../core/model/model.js";
import { type HandDeps, makeHand } from "../execute/executor.js";
import { type Outcome, type Result, resultOf } from "../execute/result.js";
import { causeOf, kindOf } from "../lib/errors.js";

export interface PruneDeps extends HandDeps {
  readonly deleteSnapshot: (snapshot: string) => Promise<void>;
}

const CONCURRENCY = 5;

/** Deletes the snapshots of the points that the plan expired. What AWS protects is kept, what is gone is done. */
export const makePrune = (deps: PruneDeps) =>
  makeHand("delete", deps, async (actions) => ({
    results: await pMap(actions, (action) => removePoint(deps, action), { concurrency: CONCURRENCY }),
  }));

/** One snapshot after the other, up to the first that does not go: what is left of a refused point is left whole. */
async function removePoint(deps: PruneDeps, action: Delete): Promise<Result> {
  const gone: string[] = [];
  for (const snapshot of action.artifacts) {
    const { outcome, error } = await removeSnapshot(deps, snapshot);
    if (outcome !== "done") return resultOf(action, outcome, gone, error);
    gone.push(snapshot);
  }
  return resultOf(action, "done", gone);
}

async function removeSnapshot(deps: PruneDeps, snapshot: string): Promise<{ outcome: Outcome; error?: unknown }> {
  try {
    await deps.deleteSnapshot(snapshot);
    return { outcome: "done" };
  } catch (error) {
    const { code, message } = causeOf(error);
    if (code === "InvalidSnapshot.NotFound") return { outcome: "done" };
    // InvalidSnapshot.InUse: an AMI uses it. Locked snapshots are refused too (EBS user guide, "Amazon EBS snapshot lock"), under
    // a code that no reference names. The survey sees both; this is for what was locked or used since.
    if (code === "InvalidSnapshot.InUse" || /locked/i.test(`${code} ${message}`)) return { outcome: "kept", error };
    return { outcome: kindOf(error) === "throttle" ? "later" : "failed", error };
  }
}
