import { compare, type Entry, type Holding, type InFlight, type Lineage, type Seen } from "../inventory/lineage.js";
import type { Part, World } from "../model/model.js";
import type { Terms } from "./terms.js";

/** What is known of a lineage in one region while it is decided what of it goes. */
export interface Scope {
  readonly world: World;
  readonly seen: Seen;
  readonly inFlight: InFlight;
  readonly lineage: Lineage;
  readonly holding: Holding;
  readonly terms: Terms;
  /** Its policy wants the points locked there. */
  readonly isLocking: boolean;
  /** Failed tries that no longer matter. */
  readonly old: ReadonlySet<string>;
}

/** Whether copies of a point, or of its volumes, are on their way into the region. */
export const copiesRun = ({ world, holding: { region }, inFlight }: Scope, { point }: Entry): boolean =>
  region !== world.home &&
  (inFlight.destinations(point.id).includes(region) ||
    point.parts.some((part) => inFlight.hasVolume(region, part.volume)));

/** Ids of snapshots, in one order whatever the world's was. */
export function idsOf(parts: readonly Part[]): string[] {
  const ids = parts.map((part) => part.snapshot);
  return ids.length === 1 ? ids : ids.sort(compare);
}
