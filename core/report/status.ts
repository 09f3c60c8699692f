import {
  compare,
  indexLineages,
  knownView,
  type Lineage,
  type Lineages,
  type RegionPoints,
  unknownBecause,
} from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Found } from "../model/causes.js";
import type { Action, Inventory, Policy, Resource, ResourceKind } from "../model/model.js";
import { type Cover, Covers, newestOf } from "../planner/covers.js";
import { EffectivePolicies } from "../retention/effective-policies.js";
import { selection } from "../selection/select.js";
import { type LedgerSeen, type Problem, problemsIn } from "./problems.js";

/** What one region holds of one resource under one policy. */
export interface RegionStatus {
  readonly completed: number;
  readonly pending: number;
  /** Failed points, and sets that lost a snapshot. */
  readonly failed: number;
  /** Start of the newest completed point's data, ISO 8601 in UTC. */
  readonly newest: string | null;
  /** How much would be lost if it were restored now. */
  readonly rpoSeconds: number | null;
}

export interface ResourceStatus {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly policy: string;
  /** By region; a region that could not be read is absent here and among the problems. */
  readonly points: Readonly<Record<string, RegionStatus>>;
  readonly problems: readonly string[];
}

export interface Status {
  /** All that is wrong, whatever it concerns; those of `resources` among them. */
  readonly problems: readonly Problem[];
  /** The home region first. */
  readonly regions: readonly string[];
  readonly resources: readonly ResourceStatus[];
}

/** `newest` may be a set that a single volume is in, and needs no points of its own beside. */
function regionStatus(holding: RegionPoints, home: string, now: number, newest: PointState | undefined): RegionStatus {
  // A copy with parts still to come is in progress; a source with parts missing has lost them.
  const unfinished = holding.points.filter(({ status: state }) => state === "incomplete").length;
  const pending = holding.points.filter(({ status: state }) => state === "pending").length;
  const failed = holding.points.filter(({ status: state }) => state === "failed").length;
  const isHome = holding.region === home;
  return {
    completed: holding.completed.length,
    pending: pending + (isHome ? 0 : unfinished),
    failed: failed + (isHome ? unfinished : 0),
    newest: newest === undefined ? null : new Date(newest.start).toISOString(),
    rpoSeconds: newest === undefined ? null : Math.max(0, Math.floor((now - newest.start) / 1000)),
  };
}

interface Row {
  readonly policyName: string;
  readonly policy: Policy | undefined;
  readonly id: string;
  readonly resource: Resource | undefined;
  readonly lineage: Lineage | undefined;
  /** Sets that stand in for points of its own. */
  readonly covers: readonly Cover[];
}

/** What is selected, and what once was and still has points. */
function rowsOf(world: Inventory, seen: Lineages): Row[] {
  const chosen = selection(world);
  const book = new EffectivePolicies(world, chosen);
  const covers = new Covers(world, chosen, book);
  const resources = new Map(world.resources.map((resource) => [resource.id, resource]));
  const rows = new Map<string, Row>();
  const add = (policyName: string, id: string): void => {
    const lineage = seen.of(policyName, id);
    const policy = book.policyOf(lineage ?? { policy: policyName, resource: id });
    const resource = resources.get(id);
    const sets = policy !== undefined && resource?.kind === "volume" ? covers.of(policy, id) : [];
    rows.set(JSON.stringify([id, policyName]), { policyName, policy, id, resource, lineage, covers: sets });
  };
  for (const [name, selected] of chosen) for (const { id } of selected) add(name, id);
  for (const { policy, resource } of seen.all) add(policy, resource);
  return [...rows.values()].toSorted((a, b) => compare(a.id, b.id) || compare(a.policyName, b.policyName));
}

/** Where a row must, or does, have points. */
function regionsOf({ policy, lineage }: Row, home: string): string[] {
  const wanted = policy?.copy.map(({ region }) => region).filter((region) => region !== home) ?? [];
  return [...new Set([home, ...wanted, ...(lineage?.regions.keys() ?? [])])];
}

/** A row's regions, with what each holds; one that could not be read is left out. */
function pointsOf(row: Row, world: Inventory, seen: Lineages): ResourceStatus["points"] {
  return Object.fromEntries(
    regionsOf(row, world.home)
      .filter((region) => knownView(world, region) !== undefined)
      .map((region) => {
        const holding = seen.pointsIn(row.lineage, region);
        return [region, regionStatus(holding, world.home, world.now, newestOf(holding, row.covers, seen, row.id))];
      }),
  );
}

const formatNoPoint = (region: string): string => `no completed point in ${region}`;

/** Where a row has nothing that could be restored, as far as can be seen. */
const missingIn = (row: Row, world: Inventory, points: ResourceStatus["points"]): string[] =>
  regionsOf(row, world.home).flatMap((region) => {
    const status = points[region];
    if (status === undefined) return [`${region} is unknown: ${unknownBecause(world, region)}`];
    return status.newest === null ? [formatNoPoint(region)] : [];
  });

/** What every resource has where; of what is wrong only that it is not there. */
export function resourcesIn(world: Inventory): ResourceStatus[] {
  const seen = indexLineages(world);
  return rowsOf(world, seen).map((row): ResourceStatus => {
    const points = pointsOf(row, world, seen);
    return {
      id: row.id,
      kind: row.resource?.kind ?? row.lineage?.kind ?? "instance",
      name: row.resource?.name ?? row.id,
      policy: row.policyName,
      points,
      problems: missingIn(row, world, points),
    };
  });
}

function withoutPoint({ id, policy, points }: ResourceStatus): Found[] {
  return Object.entries(points)
    .filter(([, { newest }]) => newest === null)
    .map(([region]) => {
      return { cause: "no-point", region, policy, resource: id, point: "", reason: formatNoPoint(region) };
    });
}

const formatProblem = ({ cause, region, point, reason }: Problem): string =>
  `${cause} in ${region}${point === "" ? "" : ` (${point})`}: ${reason}`;

/**
 * The state of every resource, and everything that is wrong, for people and scripts.
 * @param actions the plan of the same world
 * @param ledgers what the controllers know
 */
export function status(world: Inventory, actions: readonly Action[], ledgers: readonly LedgerSeen[] = []): Status {
  const resources = resourcesIn(world);
  const problems = problemsIn(world, actions, ledgers, resources.flatMap(withoutPoint));
  const others = problems.filter(({ cause }) => cause !== "no-point");
  const about = Map.groupBy(others, ({ resource, policy }) => JSON.stringify([resource, policy]));
  const regions = [world.home, ...Object.keys(world.regions).toSorted()];
  return {
    problems,
    regions: [...new Set(regions)],
    resources: resources.map((one) => {
      const own = about.get(JSON.stringify([one.id, one.policy])) ?? [];
      return { ...one, problems: [...one.problems, ...own.map(formatProblem)] };
    }),
  };
}
