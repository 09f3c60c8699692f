import type { Action, Artifact, Inventory, Point, RegionView } from "../../core/model/model.js";
import { callOf } from "./arbitrary.js";
import { only } from "./worlds.js";

/** What the promises are measured with: written for clearness, on purpose without anything of core/ but its nouns. */

export const viewOf = (world: Inventory, region: string): Extract<RegionView, { complete: true }> | undefined => {
  const view = world.regions[region];
  return view?.complete ? view : undefined;
};

export const pointsIn = (world: Inventory, region: string): readonly Point[] => viewOf(world, region)?.points ?? [];
export const allPoints = (world: Inventory): readonly Point[] =>
  Object.keys(world.regions).flatMap((r) => pointsIn(world, r));

const volumes = (parts: readonly Artifact[]): number => new Set(parts.map((part) => part.member)).size;

/**
 * Restorable: a copy needs some completed copy of each volume; a source needs them all from one call. Where two calls each
 * lost the snapshot that the other has, nobody can tell any more, so that does not count as two calls.
 */
export function whole(point: Point): boolean {
  if (point.region !== point.home) return volumes(point.artifacts.filter((p) => p.state === "completed")) >= point.size;
  const calls = volumes(point.artifacts) === point.artifacts.length ? () => "one" : callOf;
  return [...Map.groupBy(point.artifacts, calls).values()].some(
    (set) => volumes(set) >= point.size && set.every((part) => part.state === "completed"),
  );
}

export const startOf = (point: Point): number =>
  Math.min(...point.artifacts.map((part) => part.takenAt ?? part.startedAt));

/** Completed points of each policy and resource in a region, newest first. */
export function lineagesIn(world: Inventory, region: string): readonly (readonly Point[])[] {
  const groups = Map.groupBy(pointsIn(world, region).filter(whole), (p) => `${p.policy} ${p.resource}`);
  return [...groups.values()].map((points) => points.toSorted((a, b) => b.scheduled - a.scheduled));
}

/** Whether new points of it come: its home can be read and holds it, and there is such a policy. */
export function grows(
  world: Inventory,
  { policy, resource, region }: Pick<Point, "policy" | "resource" | "region">,
): boolean {
  const home = viewOf(world, world.home);
  if (home === undefined) return true;
  const rules = world.policies.find(({ name }) => name === policy);
  const isWanted = region === world.home || rules?.copy.some((rule) => rule.region === region);
  return isWanted === true && rules !== undefined && home.resources.some(({ id }) => id === resource);
}

/** Whether a region's last point of it may go: it is no more, nothing came in any region for long, and it was told there long ago. */
export function mayEnd(
  world: Inventory,
  { policy, resource, region }: Pick<Point, "policy" | "resource" | "region">,
): boolean {
  const after = world.orphanAfterMs ?? 90 * 24 * 3_600_000;
  const told = world.memory?.announced.find(
    (one) => one.policy === policy && one.resource === resource && one.region === region,
  );
  const isThere = viewOf(world, world.home)?.resources.some(({ id }) => id === resource) ?? true;
  const mine = allPoints(world).filter((one) => one.policy === policy && one.resource === resource);
  const isOld = mine.every((one) => startOf(one) + after <= world.now);
  return !isThere && told !== undefined && told.since + after <= world.now && isOld;
}

const withPoints = (world: Inventory, change: (point: Point) => Point): Inventory => ({
  ...world,
  regions: Object.fromEntries(
    Object.entries(world.regions).map(([region, view]) => {
      if (!view.complete) return [region, view];
      return [region, { ...view, points: view.points.map(change).filter((point) => point.artifacts.length > 0) }];
    }),
  ),
});

/** The world after the deletes of a plan. */
export function afterDeletes(world: Inventory, actions: readonly Action[]): Inventory {
  const gone = new Set(only(actions, "delete").flatMap((d) => d.artifacts.map((s) => `${d.region} ${s}`)));
  return withPoints(world, (point) => ({
    ...point,
    artifacts: point.artifacts.filter((part) => !gone.has(`${point.region} ${part.id}`)),
  }));
}
