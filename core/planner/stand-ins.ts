import type { RegionPoints } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { StandIn } from "../model/kind.js";
import type { Create } from "../model/model.js";
import type { PlanContext } from "./context.js";

/** So long after its slot a resource waits for a stand-in that is due: one that AWS refuses must not leave it without a point. */
const WAIT_MS = 3_600_000;

const has = (entry: PointState, member: string): boolean =>
  entry.artifacts.some((artifact) => artifact.member === member && artifact.state !== "error");

/** Whether a point of the slot, or of a later one, that stands in for the resource has it: planned just now, in progress, or completed. */
export function standsIn(
  { lineages, inventory }: PlanContext,
  standIns: readonly StandIn[],
  { resource, slot }: { readonly resource: string; readonly slot: number },
  creates: readonly Create[],
): boolean {
  return standIns.some((one) => {
    const atHome = lineages.pointsIn(lineages.of(one.policy, one.resource), inventory.home);
    const made = atHome.points.some(
      (entry) =>
        entry.point.scheduled >= slot &&
        (entry.status === "completed" || entry.status === "pending") &&
        has(entry, resource),
    );
    const isDue = (create: Create): boolean =>
      create.policy === one.policy && create.resource === one.resource && create.scheduled >= slot;
    return made || (inventory.now - slot < WAIT_MS && creates.some(isDue));
  });
}

/** The newest completed point of a resource in a region: one of its own, or one that stands in for it and has it. */
export function newestOf(
  { lineages }: PlanContext,
  { region, completed }: RegionPoints,
  standIns: readonly StandIn[],
  resource: string,
): PointState | undefined {
  const others = standIns.flatMap((one) => {
    const there = lineages.pointsIn(lineages.of(one.policy, one.resource), region);
    return there.completed.find((entry) => has(entry, resource)) ?? [];
  });
  return [...completed.slice(0, 1), ...others].toSorted((a, b) => b.start - a.start)[0];
}
