import type { Artifact } from "../model/model.js";
import { FAILURES_COUNTED } from "../schedule/backoff.js";
import type { RegionPoints } from "./lineage.js";
import type { PointState } from "./point-state.js";

interface Try {
  readonly entry: PointState;
  readonly part: Artifact;
}

const newestFirst = (a: Try, b: Try): number => b.part.startedAt - a.part.startedAt || (a.part.id < b.part.id ? -1 : 1);

/**
 * Snapshots that failed and no longer matter: of each volume all but the newest tries, which set the pause before the next.
 * Without this a volume that always fails would fill the region. Where others of a point have data, one failed try of each
 * volume stays, so that the point still reads as failed.
 */
export function oldAttempts({ points }: RegionPoints): ReadonlySet<string> {
  const tries = points.flatMap((entry) =>
    entry.point.artifacts.filter((part) => part.state === "error").map((part): Try => ({ entry, part })),
  );
  const old = new Set<string>();
  for (const ofMember of Map.groupBy(tries, ({ part }) => part.member).values()) {
    const seen = new Set<PointState>();
    for (const [i, { entry, part }] of ofMember.toSorted(newestFirst).entries()) {
      const last = !seen.has(entry) && entry.point.artifacts.some(({ state }) => state !== "error");
      seen.add(entry);
      if (i >= FAILURES_COUNTED && !last) old.add(part.id);
    }
  }
  return old;
}
