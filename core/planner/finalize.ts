import { knownView, type Lineage, type Lineages } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Artifact, Finalize, Inventory, Lock, Policy } from "../model/model.js";
import { copySectionOf, sectionOf } from "../model/sections.js";

/**
 * So long after a snapshot began its lock is put right. Later ones were unlocked by somebody who may do so, or are older
 * than the policy's lock: a lock is for what is made under it.
 */
export const FINALIZE_MS = 24 * 3_600_000;

function lockIn(policy: Policy | undefined, region: string, home: string): Lock | undefined {
  if (region === home) return policy && sectionOf(policy).lock;
  const rule = policy?.copy.find((one) => one.region === region);
  return rule && copySectionOf(rule).lock;
}

/** What the points of a lineage are to be locked with in a region. */
export const lockOf = ({ policies, home }: Inventory, { policy }: Lineage, region: string): Lock | undefined =>
  lockIn(
    policies.find(({ name }) => name === policy),
    region,
    home,
  );

/** What of a point is still to be locked, where its policy wants that. What cannot be restored from must stay free to go. */
export const toLock = ({ status: state, artifacts: parts }: PointState, now: number): readonly Artifact[] =>
  state === "completed" || state === "pending"
    ? parts.filter((part) => part.locked === undefined && part.state !== "error" && now - part.startedAt <= FINALIZE_MS)
    : [];

function ofLineage(lineage: Lineage, world: Inventory): Finalize[] {
  return [...lineage.regions.values()].flatMap(({ region, points: entries }): Finalize[] => {
    const lock = knownView(world, region) && lockOf(world, lineage, region);
    if (lock === undefined) return [];
    return entries.flatMap((entry): Finalize[] => {
      const lacking = toLock(entry, world.now);
      if (lacking.length === 0) return [];
      return [
        {
          do: "finalize",
          region,
          policy: lineage.policy,
          resource: lineage.resource,
          point: entry.point.id,
          reason: `not locked yet: ${lock.mode} for ${lock.days} days`,
          artifacts: lacking.map(({ id: snapshot }) => snapshot).toSorted(),
          lock,
        },
      ];
    });
  });
}

/** What the call that made a point could not do, and the step after it did not: a lost answer, a killed function. */
export function planFinalize(world: Inventory, seen: Lineages): Finalize[] {
  return seen.all.flatMap((lineage) => ofLineage(lineage, world));
}
