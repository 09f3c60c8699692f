import { compare, knownView, type Lineage, type Lineages } from "../../inventory/lineage.js";
import type { Alert, Inventory } from "../../model/model.js";
import type { EffectivePolicies } from "../../retention/effective-policies.js";
import { formatDuration } from "../../schedule/duration.js";

type Told = Omit<Alert, "do">;

/**
 * What comes to its end. The last point of a resource that is no more goes only after people were told; and that a policy was
 * deleted is told once, since it may have been a slip.
 */
export function planEndings(world: Inventory, seen: Lineages, book: EffectivePolicies): Told[] {
  if (knownView(world, world.home) === undefined) return [];
  const told: Told[] = [];
  const deleted = new Map<string, Map<string, number>>();
  const after = formatDuration(book.orphanAfterMs);
  for (const lineage of seen.all) {
    const { policy, resource } = lineage;
    const fate = book.fateOf(lineage);
    if (fate === "deleted") {
      for (const [region, point] of lastPoints(world, seen, lineage, book)) {
        const reason = `it is no more: its points expire by the rule that was last recorded on them, the last one ${after} after this was told, unless somebody holds it`;
        told.push({ region, policy, resource, point, cause: "resource-gone", reason });
      }
    }
    for (const { region, points: entries } of lineage.regions.values()) {
      if (book.policyOf(lineage) !== undefined) continue;
      const regions = deleted.get(policy) ?? new Map<string, number>();
      deleted.set(policy, regions.set(region, (regions.get(region) ?? 0) + entries.length));
    }
  }
  for (const [policy, regions] of deleted) {
    for (const [region, count] of [...regions].toSorted(([a], [b]) => compare(a, b))) {
      const reason = `there is no such policy any more: ${count} point(s) of it expire by the rules that were last recorded on them, but for the last of each resource that is there`;
      told.push({ region, policy, resource: "", point: "", cause: "policy-gone", reason });
    }
  }
  return told;
}

/**
 * The last point of each region that holds any, and of those that copies are made to while home does: a region that had its end
 * first must remember it, or it would begin anew.
 */
function lastPoints(world: Inventory, seen: Lineages, lineage: Lineage, book: EffectivePolicies): [string, string][] {
  const wanted = book.policyOf(lineage)?.copy.map(({ region }) => region) ?? [];
  const regions = new Set([...lineage.regions.keys(), ...wanted.filter((one) => knownView(world, one) !== undefined)]);
  const [source] = seen.pointsIn(lineage, world.home).completed;
  return [...regions].flatMap((region): [string, string][] => {
    const last = seen.pointsIn(lineage, region).completed[0] ?? (wanted.includes(region) ? source : undefined);
    return last === undefined ? [] : [[region, last.point.id]];
  });
}
