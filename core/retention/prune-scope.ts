import { compare, type InFlight, type Lineage, type Lineages, type RegionPoints } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Artifact, Inventory } from "../model/model.js";
import type { Terms } from "./effective-policies.js";

/** What is known of a lineage in one region while it is decided what of it goes. */
export interface Scope {
  readonly world: Inventory;
  readonly seen: Lineages;
  readonly inFlight: InFlight;
  readonly lineage: Lineage;
  readonly holding: RegionPoints;
  readonly terms: Terms;
  /** Its policy wants the points locked there. */
  readonly isLocking: boolean;
  /** Failed tries that no longer matter. */
  readonly old: ReadonlySet<string>;
}

/** Whether copies of a point, or of its volumes, are on their way into the region. */
export const copiesRun = ({ world, holding: { region }, inFlight }: Scope, { point }: PointState): boolean =>
  region !== world.home &&
  (inFlight.destinations(point.id).includes(region) ||
    point.artifacts.some((part) => inFlight.hasVolume(region, part.member)));

/** Ids of snapshots, in one order whatever the world's was. */
export function idsOf(parts: readonly Artifact[]): string[] {
  const ids = parts.map((part) => part.id);
  return ids.length === 1 ? ids : ids.sort(compare);
}
