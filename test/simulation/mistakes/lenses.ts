import type { Action, ArtifactState, Delete, Inventory, Point, Policy, RegionView } from "../../../core/model/model.js";
import type { Minds } from "../planner/minds.js";

/** Ways to see what is there as it is not. */

export type Worlds = readonly Inventory[];

export const views = (world: Inventory, change: (view: RegionView, region: string) => RegionView): Inventory => ({
  ...world,
  regions: Object.fromEntries(Object.entries(world.regions).map(([name, view]) => [name, change(view, name)])),
});

export const points = (worlds: Worlds, change: (point: Point, world: Inventory) => Point): Inventory[] =>
  worlds.map((world) =>
    views(world, (view) =>
      view.complete ? { ...view, points: view.points.map((point) => change(point, world)) } : view,
    ),
  );

export const takenFor = (
  worlds: Worlds,
  from: ArtifactState,
  to: ArtifactState,
  where?: (point: Point) => boolean,
): Inventory[] =>
  points(worlds, (point) =>
    where?.(point) === false
      ? point
      : { ...point, artifacts: point.artifacts.map((part) => (part.state === from ? { ...part, state: to } : part)) },
  );

export const policies = (worlds: Worlds, change: (policy: Policy) => Policy): Inventory[] =>
  worlds.map((world) => ({ ...world, policies: world.policies.map(change) }));

export const isDelete = (action: Action): action is Delete => action.do === "delete";
export const isCopied = ({ home, region }: Point): boolean => home !== region;

/** Deletes are decided in another light than everything else. */
export const deletesAsIf = (light: (worlds: Worlds) => Worlds) => (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds).filter((action) => !isDelete(action)),
    ...plan(light(worlds)).filter(isDelete),
  ],
});

export const copiesAsIf = (light: (worlds: Worlds) => Worlds) => (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds).filter((action) => action.do !== "copy"),
    ...plan(light(worlds)).filter((action) => action.do === "copy"),
  ],
});

export const deletesOf = (point: Point, reason: string): Delete => {
  const { region, policy, resource, kind, id, artifacts: parts } = point;
  const artifacts = parts.map((part) => part.id);
  return { do: "delete", region, policy, resource, kind, point: id, reason, artifacts };
};

export const listed = (world: Inventory): readonly Point[] =>
  Object.values(world.regions).flatMap((view) => (view.complete ? view.points : []));

export const isPending = ({ artifacts: parts }: Point): boolean => parts.some(({ state }) => state === "pending");

export const isWhole = ({ artifacts: parts, size }: Point): boolean =>
  parts.filter(({ state }) => state === "completed").length >= size;

export const startOf = ({ artifacts: parts }: Point): number =>
  parts.reduce((start, part) => Math.min(start, part.takenAt ?? part.startedAt), Number.POSITIVE_INFINITY);
