import { knownView, type Lineage } from "../../inventory/lineage.js";
import type { Told } from "../../model/kind.js";
import { formatDuration } from "../../schedule/duration.js";
import type { PlanContext } from "../context.js";

/** What comes to its end: the last point of a resource that is no more goes only after people were told. */
export function planEndings(context: PlanContext): Told[] {
  const { home, lineages, effective } = context;
  if (home === undefined) return [];
  const told: Told[] = [];
  const after = formatDuration(effective.orphanAfterMs);
  for (const lineage of lineages.all) {
    const { policy, resource } = lineage;
    const fate = effective.fateOf(lineage);
    if (fate === "deleted") {
      for (const [region, point] of lastPoints(context, lineage)) {
        const reason = `it is no more: its points expire by the rule that was last recorded on them, the last one ${after} after this was told, unless somebody holds it`;
        told.push({ region, policy, resource, point, cause: "resource-gone", reason });
      }
    }
  }
  return told;
}

/**
 * The last point of each region that holds any, and of those that copies are made to while home does: a region that had its end
 * first must remember it, or it would begin anew.
 */
function lastPoints({ inventory, lineages, effective }: PlanContext, lineage: Lineage): [string, string][] {
  const wanted = effective.policyOf(lineage)?.copy.map(({ region }) => region) ?? [];
  const regions = new Set([
    ...lineage.regions.keys(),
    ...wanted.filter((one) => knownView(inventory, one) !== undefined),
  ]);
  const [source] = lineages.pointsIn(lineage, inventory.home).completed;
  return [...regions].flatMap((region): [string, string][] => {
    const last = lineages.pointsIn(lineage, region).completed[0] ?? (wanted.includes(region) ? source : undefined);
    return last === undefined ? [] : [[region, last.point.id]];
  });
}
