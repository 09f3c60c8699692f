import type { Copy, Part, Point } from "../../core/model.js";
import { runKeys } from "../../core/names.js";
import type { Bucket } from "./bucket.js";
import { readResults } from "./result.js";
import { beganAt } from "./run.js";

/** The copies that a run began, as the survey of their region will show them; undefined where one did not begin. */
export async function copiesBegun(bucket: Bucket, runId: string): Promise<readonly Point[] | undefined> {
  const copies = ((await bucket.readLines(runKeys(runId).actions("copy"))) ?? []).filter(isCopy);
  const results = await readResults(bucket, runId, "copy", copies.length);
  // In the order of the actions (hand.ts).
  const points = copies.flatMap((copy, i) => {
    const [snapshot] = results[i]?.snapshots ?? [];
    return snapshot === undefined ? [] : [pointOf(copy, snapshot, beganAt(runId))];
  });
  return points.length === copies.length ? points : undefined;
}

/** Written by Plan of the same deployment; only the kind is checked. */
const isCopy = (line: unknown): line is Copy =>
  typeof line === "object" && line !== null && "do" in line && line.do === "copy";

/** What else an action says does no harm there. */
function pointOf({ part, point: id, ...copy }: Copy, snapshot: string, startedAt: number): Point {
  const { snapshot: source, takenAt = part.startedAt } = part;
  const parts: Part[] = [{ ...part, snapshot, source, takenAt, startedAt, state: "pending", progress: 0, holds: [] }];
  return { ...copy, id, parts };
}
