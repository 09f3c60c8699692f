import { knownView, type Lineage } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Unfinished } from "../model/kind.js";
import type { Finalize } from "../model/model.js";
import type { PlanContext } from "./context.js";

/** What is still to be done on a point, as its kind and its policy want it. */
export function unfinishedOf(
  { inventory, rules, resources }: PlanContext,
  { policy, resource }: Lineage,
  { point, artifacts, status }: PointState,
): readonly Unfinished[] {
  // What cannot be restored from must stay free to go.
  if (status !== "completed" && status !== "pending") return [];
  return rules.unfinished({
    ...inventory,
    policy: inventory.policies.find(({ name }) => name === policy),
    resource: resources.get(resource),
    point,
    artifacts,
  });
}

/** What the call that made a point could not do, and the step after it did not: a lost answer, a killed function. */
export function planFinalize(context: PlanContext): Finalize[] {
  const { inventory, lineages } = context;
  return lineages.all.flatMap((lineage) =>
    [...lineage.regions.values()].flatMap(({ region, points }) =>
      knownView(inventory, region) === undefined ? [] : points.flatMap((entry) => finalizesOf(context, lineage, entry)),
    ),
  );
}

function finalizesOf(context: PlanContext, lineage: Lineage, entry: PointState): Finalize[] {
  const { policy, resource, kind } = lineage;
  const { id, region } = entry.point;
  return unfinishedOf(context, lineage, entry).map(({ reason, artifacts, detail }) => {
    const about = { do: "finalize", region, policy, resource, point: id, kind, reason, artifacts } as const;
    return detail === undefined ? about : { ...about, detail };
  });
}
