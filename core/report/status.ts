import { compare, knownView, type Lineage, type RegionPoints, unknownBecause } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Found } from "../model/causes.js";
import { kindWith, type RulesTable, rulesOf, type StandIn } from "../model/kind.js";
import type { Action, Inventory, Policy, Resource, ResourceKind } from "../model/model.js";
import { contextOf, type PlanContext } from "../planner/context.js";
import { newestOf } from "../planner/stand-ins.js";
import { type LedgerSeen, type Problem, problemsIn } from "./problems.js";

/** What one region holds of one resource under one policy. */
export interface RegionStatus {
  readonly completed: number;
  readonly pending: number;
  /** Failed points, and those that lost an artifact. */
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

/** `newest` may be one that stands in for points of its own. */
function regionStatus(holding: RegionPoints, home: string, now: number, newest: PointState | undefined): RegionStatus {
  // A copy with parts still to come is in progress; a source with parts missing has lost them.
  const unfinished = holding.points.filter(({ status }) => status === "incomplete").length;
  const pending = holding.points.filter(({ status }) => status === "pending").length;
  const failed = holding.points.filter(({ status }) => status === "failed").length;
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
  readonly standIns: readonly StandIn[];
}

/** What is selected, and what once was and still has points. */
function rowsOf({ lineages, selected, effective, resources, standIns }: PlanContext): Row[] {
  const rows = new Map<string, Row>();
  const add = (policyName: string, id: string): void => {
    const lineage = lineages.of(policyName, id);
    const policy = effective.policyOf(lineage ?? { policy: policyName, resource: id });
    const resource = resources.get(id);
    const others = policy !== undefined && resource !== undefined ? standIns(policy, resource) : [];
    rows.set(JSON.stringify([id, policyName]), { policyName, policy, id, resource, lineage, standIns: others });
  };
  for (const [name, chosen] of selected) for (const { id } of chosen) add(name, id);
  for (const { policy, resource } of lineages.all) add(policy, resource);
  return [...rows.values()];
}

/** Where a row must, or does, have points. */
function regionsOf({ policy, lineage }: Row, home: string): string[] {
  const wanted = policy?.copy.map(({ region }) => region).filter((region) => region !== home) ?? [];
  return [...new Set([home, ...wanted, ...(lineage?.regions.keys() ?? [])])];
}

/** A row's regions, with what each holds; one that could not be read is left out. */
function pointsOf(row: Row, context: PlanContext): ResourceStatus["points"] {
  const { inventory, lineages } = context;
  return Object.fromEntries(
    regionsOf(row, inventory.home)
      .filter((region) => knownView(inventory, region) !== undefined)
      .map((region) => {
        const there = lineages.pointsIn(row.lineage, region);
        const newest = newestOf(context, there, row.standIns, row.id);
        return [region, regionStatus(there, inventory.home, inventory.now, newest)];
      }),
  );
}

const formatNoPoint = (region: string): string => `no completed point in ${region}`;

/** Where a row has nothing that could be restored, as far as can be seen. */
const missingIn = (row: Row, inventory: Inventory, points: ResourceStatus["points"]): string[] =>
  regionsOf(row, inventory.home).flatMap((region) => {
    const status = points[region];
    if (status === undefined) return [`${region} is unknown: ${unknownBecause(inventory, region)}`];
    return status.newest === null ? [formatNoPoint(region)] : [];
  });

/** What every resource has where; of what is wrong only that it is not there. */
export const resourcesIn = (inventories: readonly Inventory[], rules: RulesTable): ResourceStatus[] =>
  inventories
    .flatMap((inventory) => {
      const context = contextOf(inventory, rulesOf(rules, inventory.kind));
      return rowsOf(context).map((row): ResourceStatus => {
        const points = pointsOf(row, context);
        return {
          id: row.id,
          kind: row.resource?.kind ?? row.lineage?.kind ?? inventory.kind,
          name: row.resource?.name ?? row.id,
          policy: row.policyName,
          points,
          problems: missingIn(row, inventory, points),
        };
      });
    })
    .toSorted((a, b) => compare(a.id, b.id) || compare(a.policy, b.policy));

const withoutPoint =
  (rules: RulesTable) =>
  ({ id, kind: resourceKind, policy, points }: ResourceStatus): Found[] => {
    const kind = kindWith(rules, resourceKind);
    return Object.entries(points)
      .filter(([, { newest }]) => newest === null)
      .map(([region]) => {
        const about = { region, policy, resource: id, point: "", ...(kind === undefined ? {} : { kind }) };
        return { ...about, cause: "no-point", reason: formatNoPoint(region) };
      });
  };

const formatProblem = ({ cause, region, point, reason }: Problem): string =>
  `${cause} in ${region}${point === "" ? "" : ` (${point})`}: ${reason}`;

/**
 * The state of every resource, and everything that is wrong, for people and scripts.
 * @param inventories of one home region, of each kind
 * @param actions the plan of the same inventories
 * @param ledgers what the controllers know
 */
export function status(
  inventories: readonly Inventory[],
  rules: RulesTable,
  actions: readonly Action[],
  ledgers: readonly LedgerSeen[] = [],
): Status {
  const [first] = inventories;
  if (first === undefined) throw new Error("there is nothing to say of no inventory");
  const resources = resourcesIn(inventories, rules);
  const problems = problemsIn(first, rules, { actions, ledgers, more: resources.flatMap(withoutPoint(rules)) });
  const others = problems.filter(({ cause }) => cause !== "no-point");
  const about = Map.groupBy(others, ({ resource, policy }) => JSON.stringify([resource, policy]));
  const homes = inventories.map(({ home }) => home);
  const regions = [...homes, ...inventories.flatMap((one) => Object.keys(one.regions)).toSorted()];
  return {
    problems,
    regions: [...new Set(regions)],
    resources: resources.map((one) => {
      const own = about.get(JSON.stringify([one.id, one.policy])) ?? [];
      return { ...one, problems: [...one.problems, ...own.map(formatProblem)] };
    }),
  };
}
