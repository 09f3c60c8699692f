import { sayDuration } from "./duration.js";
import { compare, known, type Seen } from "./lineage.js";
import type { Alert, World } from "./model.js";
import type { Book } from "./terms.js";

type Told = Omit<Alert, "do">;

/**
 * What comes to its end. The last point of a resource that is no more goes only after people were told; and that a policy was
 * deleted is told once, since it may have been a slip.
 */
export function planEndings(world: World, seen: Seen, book: Book): Told[] {
  if (known(world, world.home) === undefined) return [];
  const told: Told[] = [];
  const deleted = new Map<string, Map<string, number>>();
  const after = sayDuration(book.orphanAfterMs);
  for (const lineage of seen.lineages) {
    const { policy, resource } = lineage;
    const fate = book.fateOf(lineage);
    for (const { region, completed, entries } of lineage.holdings.values()) {
      const [newest] = completed;
      if (fate === "gone" && newest !== undefined) {
        const reason = `it is no more: its points expire by the rule that was last recorded on them, the last one ${after} after this was told, unless somebody holds it`;
        told.push({ region, policy, resource, point: newest.point.id, cause: "resource-gone", reason });
      }
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
