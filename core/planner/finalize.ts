import { knownView, type Lineage } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Unfinished } from "../model/kind.js";
import type { Finalize } from "../model/model.js";
import type { PlanContext } from "./context.js";

/** Says what is still to be done on the points of a lineage in a region, as its kind and its policy want it. */
export function finishingOf(
  { inventory, rules, resources }: PlanContext,
  { policy, resource }: Lineage,
  region: string,
): (entry: PointState) => readonly Unfinished[] {
  const finishing = rules.finishing({
    ...inventory,
    policy: inventory.policies.find(({ name }) => name === policy),
    resource: resources.get(resource),
    region,
  });
  return ({ point, artifacts, status }) => {
    // What cannot be restored from must stay free to go.
    if (finishing === undefined || (status !== "completed" && status !== "pending")) return [];
    return finishing(point, artifacts);
  };
}

/** What the call that made a point could not do, and the step after it did not: a lost answer, a killed function. */
export function planFinalize(context: PlanContext): Finalize[] {
  return context.lineages.all.flatMap((lineage) =>
    [...lineage.regions.values()].flatMap(({ region, points }) => {
      if (knownView(context.inventory, region) === undefined) return [];
      const unfinished = finishingOf(context, lineage, region);
      return points.flatMap((entry) => unfinished(entry).map((one) => finalizeOf(lineage, entry, one)));
    }),
  );
}

function finalizeOf({ policy, resource, kind }: Lineage, { point }: PointState, unfinished: Unfinished): Finalize {
  const { reason, artifacts, detail } = unfinished;
  const about = { region: point.region, policy, resource, point: point.id, kind, reason, artifacts };
  return { do: "finalize", ...about, ...(detail === undefined ? {} : { detail }) };
}
