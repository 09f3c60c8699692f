import { compare, type Entry, known, look, unknownBecause } from "../inventory/lineage.js";
import { type PointState, shapeOf } from "../inventory/shape.js";
import type { Action, PartState, World } from "../model/model.js";

/** A snapshot of a point, as far as a person needs it to follow a decision. */
export interface ExplainedSnapshot {
  readonly id: string;
  readonly volume: string;
  readonly state: PartState;
}

/** A point in one region. */
export interface ExplainedPlace {
  readonly region: string;
  /** `absent`: the region was read and holds none of it. */
  readonly state: PointState | "absent";
  /** When its data is from, ISO 8601 in UTC; null where it is absent. */
  readonly start: string | null;
  readonly snapshots: readonly ExplainedSnapshot[];
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

/** Every point of the world as the planner reads it. */
function entriesOf(world: World): Entry[] {
  const seen = look(world);
  const own = seen.lineages.flatMap(({ holdings }) => [...holdings.values()].flatMap(({ entries }) => entries));
  return [...own, ...seen.foreign.map((point) => shapeOf(point))];
}

function placeOf(region: string, entry: Entry | undefined, actions: readonly Action[]): ExplainedPlace {
  const decisions = actions
    .filter((action) => action.region === region)
    .map(({ do: verb, reason }) => ({ do: verb, reason }));
  if (entry === undefined) return { region, state: "absent", start: null, snapshots: [], decisions };
  const snapshots = entry.point.parts.map(({ snapshot, volume, state }) => ({ id: snapshot, volume, state }));
  return { region, state: entry.state, start: new Date(entry.start).toISOString(), snapshots, decisions };
}

/** Regions that could not be read, with the reason. */
export const unknownRegions = (world: World): Record<string, string> =>
  Object.fromEntries(
    Object.keys(world.regions)
      .filter((region) => known(world, region) === undefined)
      .map((region) => [region, unknownBecause(world, region)]),
  );

/**
 * What was decided about a point, in every region that holds it or is to, with the planner's reasons.
 * @param actions the plan of the same world
 * @param name id of the point, or of one of its snapshots in any region
 * @returns undefined where neither the world nor its plan knows it
 */
export function explain(world: World, actions: readonly Action[], name: string): Explanation | undefined {
  const all = entriesOf(world);
  const isNamed = ({ point }: Entry): boolean =>
    point.id === name || point.parts.some(({ snapshot }) => snapshot === name);
  const id = all.find(isNamed)?.point.id ?? name;
  const entries = new Map(all.filter(({ point }) => point.id === id).map((entry) => [entry.point.region, entry]));
  const about = actions.filter(({ point }) => point !== "" && point === id);
  const [held] = entries.values();
  const first = held?.point ?? about[0];
  if (first === undefined) return undefined;
  const home = held?.point.home ?? world.home;
  const regions = [...new Set([...entries.keys(), ...about.map(({ region }) => region)])];
  regions.sort((a, b) => Number(b === home) - Number(a === home) || compare(a, b));
  return {
    point: id,
    policy: first.policy,
    resource: first.resource,
    places: regions.map((region) => placeOf(region, entries.get(region), about)),
    unknown: unknownRegions(world),
  };
}
