import type { Inventory, Point } from "../../core/model/model.js";

/** How many snapshots of a point are complete. */
export const completedParts = (p: Point): number => p.artifacts.filter((part) => part.state === "completed").length;

export const isWhole = (p: Point): boolean => completedParts(p) >= p.size;

/** The whole points of a resource in a region, newest first; none where the region could not be read. */
export function wholeIn(world: Inventory, region: string, policy: string, resource: string): Point[] {
  const view = world.regions[region];
  if (!view?.complete) return [];
  return view.points
    .filter((p) => p.policy === policy && p.resource === resource && isWhole(p))
    .sort((a, b) => b.scheduled - a.scheduled);
}
