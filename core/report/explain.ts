import { compare, indexLineages, knownView, unknownBecause } from "../inventory/lineage.js";
import { type PointState, type PointStatus, pointStateOf } from "../inventory/point-state.js";
import type { Action, ArtifactState, Inventory } from "../model/model.js";

/** What AWS holds of a point, as far as a person needs it to follow a decision. */
export interface ExplainedArtifact {
  readonly id: string;
  readonly member: string;
  readonly state: ArtifactState;
}

/** A point in one region. */
export interface ExplainedPlace {
  readonly region: string;
  /** `absent`: the region was read and holds none of it. */
  readonly state: PointStatus | "absent";
  /** When its data is from, ISO 8601 in UTC; null where it is absent. */
  readonly start: string | null;
  readonly artifacts: readonly ExplainedArtifact[];
  /** What is done with it and why, in the planner's words. */
  readonly decisions: readonly { readonly do: Action["do"]; readonly reason: string }[];
}

/** Everything that was decided about one point. */
export interface Explanation {
  readonly point: string;
  readonly policy: string;
  readonly resource: string;
  /** The home region first. */
  readonly places: readonly ExplainedPlace[];
  /** Regions that could not be read, and why: nobody knows what they hold of it. */
  readonly unknown: Readonly<Record<string, string>>;
}

/** Every point of one kind as the planner reads it. */
function entriesOf(inventory: Inventory): PointState[] {
  const lineages = indexLineages(inventory);
  const own = lineages.all.flatMap(({ regions }) => [...regions.values()].flatMap(({ points }) => points));
  return [...own, ...lineages.foreign.map((point) => pointStateOf(point))];
}

function placeOf(region: string, entry: PointState | undefined, actions: readonly Action[]): ExplainedPlace {
  const decisions = actions
    .filter((action) => action.region === region)
    .map(({ do: verb, reason }) => ({ do: verb, reason }));
  if (entry === undefined) return { region, state: "absent", start: null, artifacts: [], decisions };
  const artifacts = entry.point.artifacts.map(({ id, member, state }) => ({ id, member, state }));
  return { region, state: entry.status, start: new Date(entry.start).toISOString(), artifacts, decisions };
}

/** Regions that could not be read, of whichever kind, with the reason. */
export function unknownRegions(inventories: readonly Inventory[]): Record<string, string> {
  const unknown = inventories.flatMap((inventory) =>
    Object.keys(inventory.regions)
      .filter((region) => knownView(inventory, region) === undefined)
      .map((region) => ({ region, reason: unknownBecause(inventory, region) })),
  );
  const byRegion = [...Map.groupBy(unknown, ({ region }) => region)];
  return Object.fromEntries(
    byRegion.map(([region, found]) => [region, [...new Set(found.map(({ reason }) => reason))].join("; ")]),
  );
}

/**
 * What was decided about a point, in every region that holds it or is to, with the planner's reasons.
 * @param inventories of one home region, of each kind
 * @param actions the plan of the same inventories
 * @param name id of the point, or of one of its artifacts in any region
 * @returns undefined where neither the inventories nor their plan know it
 */
export function explain(
  inventories: readonly Inventory[],
  actions: readonly Action[],
  name: string,
): Explanation | undefined {
  const isNamed = ({ point }: PointState): boolean =>
    point.id === name || point.artifacts.some((artifact) => artifact.id === name);
  // All artifacts of a point are of one kind.
  const seen = inventories.map((inventory) => ({ inventory, entries: entriesOf(inventory) }));
  const mine = seen.find(({ entries }) => entries.some(isNamed));
  const all = mine?.entries ?? [];
  const id = all.find(isNamed)?.point.id ?? name;
  const entries = new Map(all.filter(({ point }) => point.id === id).map((entry) => [entry.point.region, entry]));
  const about = actions.filter(({ point }) => point !== "" && point === id);
  const [held] = entries.values();
  const first = held?.point ?? about[0];
  if (first === undefined) return undefined;
  const home = held?.point.home ?? inventories[0]?.home;
  const regions = [...new Set([...entries.keys(), ...about.map(({ region }) => region)])];
  regions.sort((a, b) => Number(b === home) - Number(a === home) || compare(a, b));
  return {
    point: id,
    policy: first.policy,
    resource: first.resource,
    places: regions.map((region) => placeOf(region, entries.get(region), about)),
    unknown: unknownRegions(mine === undefined ? inventories : [mine.inventory]),
  };
}
