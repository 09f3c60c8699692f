import type { Inventory, Point } from "../../core/model/model.js";
import type { Worlds } from "./worlds.js";

/** How many artifacts of a point are complete. */
export const completedParts = (p: Point): number => p.artifacts.filter((part) => part.state === "completed").length;

export const isWhole = (p: Point): boolean => completedParts(p) >= p.size;

/** All points of a region, of each kind that could be read there. */
export const pointsIn = (worlds: Worlds, region: string): Point[] =>
  worlds.flatMap(({ regions }) => {
    const view = regions[region];
    return view?.complete ? view.points : [];
  });

/** The whole points of a resource in a region, newest first; none where the region could not be read. */
export const wholeIn = (inventory: Inventory, region: string, policy: string, resource: string): Point[] =>
  pointsIn([inventory], region)
    .filter((p) => p.policy === policy && p.resource === resource && isWhole(p))
    .sort((a, b) => b.scheduled - a.scheduled);

/** Why a region could not be read, of whichever kind; undefined where all of it was. */
export const unreadIn = (worlds: Worlds, region: string): string | undefined =>
  worlds.flatMap(({ regions }) => {
    const view = regions[region];
    if (view === undefined) return ["it was not surveyed"];
    return view.complete ? [] : [view.reason];
  })[0];
