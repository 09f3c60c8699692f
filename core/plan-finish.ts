import { known, type Lineage, type Seen } from "./lineage.js";
import type { Finish, Lock, Policy, World } from "./model.js";

/**
 * So long after a snapshot began its lock is put right. Later ones were unlocked by somebody who may do so, or are older
 * than the policy's lock: a lock is for what is made under it.
 */
export const FINISH_MS = 24 * 3_600_000;

const lockIn = (policy: Policy | undefined, region: string, home: string): Lock | undefined =>
  region === home ? policy?.lock : policy?.copy.find((rule) => rule.region === region)?.lock;

function ofLineage(lineage: Lineage, policy: Policy, world: World): Finish[] {
  return [...lineage.holdings.values()].flatMap(({ region, entries }): Finish[] => {
    const lock = known(world, region) && lockIn(policy, region, world.home);
    if (lock === undefined) return [];
    return entries.flatMap((entry): Finish[] => {
      // What cannot be restored from must stay free to go.
      if (entry.state !== "completed" && entry.state !== "pending") return [];
      const lacking = entry.parts.filter(
        ({ locked, startedAt, state }) =>
          locked === undefined && state !== "error" && world.now - startedAt <= FINISH_MS,
      );
      if (lacking.length === 0) return [];
      return [
        {
          do: "finish",
          region,
          policy: policy.name,
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
  const policies = new Map(
    world.policies
      .filter(({ lock, copy }) => lock !== undefined || copy.some((rule) => rule.lock !== undefined))
      .map((policy) => [policy.name, policy]),
  );
  if (policies.size === 0) return [];
  return seen.lineages.flatMap((lineage) => {
    const policy = policies.get(lineage.policy);
    return policy === undefined ? [] : ofLineage(lineage, policy, world);
  });
}
