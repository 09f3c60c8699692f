import { compare, type Lineage, type RegionPoints } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Unfinished } from "../model/kind.js";
import type { Artifact } from "../model/model.js";
import type { Terms } from "../retention/effective-policies.js";
import type { PlanContext } from "./context.js";

/** What is known of a lineage in one region while it is decided what of it goes. */
export interface Scope {
  readonly context: PlanContext;
  readonly lineage: Lineage;
  readonly here: RegionPoints;
  readonly isHome: boolean;
  readonly terms: Terms;
  /** What is still to be done on a point. */
  readonly unfinished: (entry: PointState) => readonly Unfinished[];
  /** Failed attempts that no longer matter. */
  readonly old: ReadonlySet<string>;
}

/** Whether copies of a point, or of its members, are on their way into the region. */
export const copiesRun = ({ context: { inFlight }, isHome, here: { region } }: Scope, { point }: PointState): boolean =>
  !isHome &&
  (inFlight.destinations(point.id).includes(region) ||
    point.artifacts.some((one) => inFlight.hasMember(region, one.member)));

/** Ids of artifacts, in one order whatever the inventory's was. */
export function idsOf(artifacts: readonly Artifact[]): string[] {
  const ids = artifacts.map(({ id }) => id);
  return ids.length === 1 ? ids : ids.sort(compare);
}
