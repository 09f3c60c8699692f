import type { Delete } from "../../core/model.js";
import { causeOf, kindOf } from "../lib/errors.js";
import { type HandDeps, makeHand } from "../lib/hand.js";
import { limited } from "../lib/limited.js";
import { type Outcome, type Result, resultOf } from "../lib/result.js";

export interface PruneDeps extends HandDeps {
  readonly deleteSnapshot: (snapshot: string) => Promise<void>;
}

const CONCURRENCY = 5;

/** Deletes the snapshots of the points that the plan expired. What AWS protects is kept, what is gone is done. */
export const makePrune = (deps: PruneDeps) =>
  makeHand("delete", deps, async (actions) => ({
    results: await limited(actions, CONCURRENCY, (action) => removePoint(deps, action)),
  }));

/** From worst to best: a point's result is the worst of its snapshots'. */
const WORST: readonly Outcome[] = ["failed", "later", "kept", "done"];

async function removePoint(deps: PruneDeps, action: Delete): Promise<Result> {
  const gone: string[] = [];
  const outcomes: { outcome: Outcome; error?: unknown }[] = [];
  for (const snapshot of action.snapshots) {
    const end = await removeSnapshot(deps, snapshot);
    if (end.outcome === "done") gone.push(snapshot);
    outcomes.push(end);
  }
  const worst = outcomes.toSorted((a, b) => WORST.indexOf(a.outcome) - WORST.indexOf(b.outcome))[0];
  return resultOf(action, worst?.outcome ?? "done", gone, worst?.error);
}

async function removeSnapshot(deps: PruneDeps, snapshot: string): Promise<{ outcome: Outcome; error?: unknown }> {
  try {
    await deps.deleteSnapshot(snapshot);
    return { outcome: "done" };
  } catch (error) {
    const { code } = causeOf(error);
    if (code === "InvalidSnapshot.NotFound") return { outcome: "done" };
    // InvalidSnapshot.InUse: an AMI uses it. Locked snapshots are refused too (user guide, Amazon EBS snapshot lock).
    if (code === "InvalidSnapshot.InUse" || /locked/i.test(code)) return { outcome: "kept", error };
    return { outcome: kindOf(error) === "throttle" ? "later" : "failed", error };
  }
}
