import { type Entry, known, type Lineage, type Seen } from "../inventory/lineage.js";
import type { Finish, Lock, Part, Policy, World } from "../model/model.js";

/**
 * So long after a snapshot began its lock is put right. Later ones were unlocked by somebody who may do so, or are older
 * than the policy's lock: a lock is for what is made under it.
 */
export const FINISH_MS = 24 * 3_600_000;

const lockIn = (policy: Policy | undefined, region: string, home: string): Lock | undefined =>
  region === home ? policy?.lock : policy?.copy.find((rule) => rule.region === region)?.lock;

/** What the points of a lineage are to be locked with in a region. */
export const lockOf = ({ policies, home }: World, { policy }: Lineage, region: string): Lock | undefined =>
  lockIn(
    policies.find(({ name }) => name === policy),
    region,
    home,
  );

/** What of a point is still to be locked, where its policy wants that. What cannot be restored from must stay free to go. */
export const toLock = ({ state, parts }: Entry, now: number): readonly Part[] =>
  state === "completed" || state === "pending"
    ? parts.filter((part) => part.locked === undefined && part.state !== "error" && now - part.startedAt <= FINISH_MS)
    : [];

function ofLineage(lineage: Lineage, world: World): Finish[] {
  return [...lineage.holdings.values()].flatMap(({ region, entries }): Finish[] => {
    const lock = known(world, region) && lockOf(world, lineage, region);
    if (lock === undefined) return [];
    return entries.flatMap((entry): Finish[] => {
      const lacking = toLock(entry, world.now);
      if (lacking.length === 0) return [];
      return [
        {
          do: "finish",
          region,
          policy: lineage.policy,
          resource: lineage.resource,
          point: entry.point.id,
          reason: `not locked yet: ${lock.mode} for ${lock.days} days`,
          snapshots: lacking.map(({ snapshot }) => snapshot).toSorted(),
          lock,
        },
      ];
    });
  });
}

/** What the call that made a point could not do, and the step after it did not: a lost answer, a killed function. */
export function planFinishes(world: World, seen: Seen): Finish[] {
  return seen.lineages.flatMap((lineage) => ofLineage(lineage, world));
}
