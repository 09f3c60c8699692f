import { type Cover, Covers, holdingsOf, newestWith } from "./covers.js";
import { compare, type Entry, type Holding, known, type Lineage, look, type Seen, unknownBecause } from "./lineage.js";
import type { Action, Alert, Policy, Resource, ResourceKind, World } from "./model.js";
import { selection } from "./select.js";
import { Book } from "./terms.js";

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
  /** The home region first. */
  readonly regions: readonly string[];
  readonly resources: readonly ResourceStatus[];
}

/** `sets` are those that a single volume is in, and needs no points of its own beside. */
function regionStatus(holding: Holding, home: string, now: number, sets: readonly Entry[]): RegionStatus {
  const newest = [...holding.completed.slice(0, 1), ...sets].toSorted((a, b) => b.start - a.start)[0];
  // A copy with parts still to come is in progress; a source with parts missing has lost them.
  const unfinished = holding.entries.filter(({ state }) => state === "incomplete").length;
  const pending = holding.entries.filter(({ state }) => state === "pending").length;
  const failed = holding.entries.filter(({ state }) => state === "failed").length;
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
function rowsOf(world: World, seen: Seen): Row[] {
  const chosen = selection(world);
  const book = new Book(world, chosen);
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
  for (const { policy, resource } of seen.lineages) add(policy, resource);
  return [...rows.values()].toSorted((a, b) => compare(a.id, b.id) || compare(a.policyName, b.policyName));
}

/** Where a row must, or does, have points. */
function regionsOf({ policy, lineage }: Row, home: string): string[] {
  const wanted = policy?.copy.map(({ region }) => region).filter((region) => region !== home) ?? [];
  return [...new Set([home, ...wanted, ...(lineage?.holdings.keys() ?? [])])];
}

const sayAlert = ({ cause, region, point, reason }: Alert): string =>
  `${cause} in ${region}${point === "" ? "" : ` (${point})`}: ${reason}`;

function problemsOf(row: Row, world: World, points: ResourceStatus["points"], alerts: readonly Alert[]): string[] {
  const problems: string[] = [];
  for (const region of regionsOf(row, world.home)) {
    const status = points[region];
    if (status === undefined) problems.push(`${region} is unknown: ${unknownBecause(world, region)}`);
    else if (status.newest === null) problems.push(`no completed point in ${region}`);
  }
  return [...problems, ...alerts.map(sayAlert)];
}

/** The state of every resource, for people and scripts; `actions` is the plan of the same world. */
export function status(world: World, actions: readonly Action[]): Status {
  const seen = look(world);
  const alerts = Map.groupBy(
    actions.filter((action) => action.do === "alert"),
    ({ resource, policy }) => JSON.stringify([resource, policy]),
  );
  const regions = [world.home, ...Object.keys(world.regions).toSorted()];
  return {
    regions: [...new Set(regions)],
    resources: rowsOf(world, seen).map((row) => {
      const points = Object.fromEntries(
        regionsOf(row, world.home)
          .filter((region) => known(world, region) !== undefined)
          .map((region) => {
            const sets = holdingsOf(row.covers, seen, region).flatMap((one) => newestWith(one, row.id) ?? []);
            return [region, regionStatus(seen.holding(row.lineage, region), world.home, world.now, sets)];
          }),
      );
      return {
        id: row.id,
        kind: row.resource?.kind ?? row.lineage?.kind ?? "instance",
        name: row.resource?.name ?? row.id,
        policy: row.policyName,
        points,
        problems: problemsOf(row, world, points, alerts.get(JSON.stringify([row.id, row.policyName])) ?? []),
      };
    }),
  };
}
