import { knownView, livingIn } from "../inventory/lineage.js";
import { type RulesTable, rulesOf } from "../model/kind.js";
import type { Inventory, Policy, Resource } from "../model/model.js";
import { overdueAt, type Place } from "../schedule/rpo.js";
import { scheduleOf } from "../schedule/schedule.js";
import { overridden } from "../selection/overrides.js";
import { selection } from "../selection/select.js";
import { type RegionStatus, type ResourceStatus, resourcesIn } from "./status.js";

/** How well one region protects one resource. */
export interface ResourceHealth {
  readonly policy: string;
  readonly resource: string;
  /** Age of the newest completed point's data; age of the resource where there is none; undefined when unknown. */
  readonly ageSeconds: number | undefined;
}

/** How well one region protects what a policy selects. */
export interface PolicyHealth {
  readonly policy: string;
  /** Undefined when the home region could not be read. */
  readonly selected: number | undefined;
  readonly completed: number;
  readonly pending: number;
  readonly failed: number;
  /** By how much the next point of some resource is overdue, at worst; undefined where no schedule says when. */
  readonly overdueSeconds: number | undefined;
}

export interface Health {
  readonly resources: readonly ResourceHealth[];
  readonly policies: readonly PolicyHealth[];
}

type Row = ResourceStatus & { readonly point: RegionStatus };

/** Whether the policy wants points in the region: its home, one that it copies to, or one that a resource's tags name. */
function covers(policy: Policy, inventory: Inventory, region: string, resources: readonly Resource[] = []): boolean {
  const goes = ({ copy }: Policy): boolean => copy.some((rule) => rule.region === region);
  return (
    inventory.home === region ||
    goes(policy) ||
    resources.some((one) => goes(overridden(policy, one, inventory).policy))
  );
}

/** Start of the newest completed point's data; birth of the resource where there is none; undefined when unknown. */
function sinceOf(point: RegionStatus, resource: Resource | undefined): number | undefined {
  if (point.newest !== null) return Date.parse(point.newest);
  return resource?.members.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b)[0];
}

interface Mine {
  readonly rows: readonly Row[];
  readonly selected: number | undefined;
  /** Of each resource, as far as known. */
  readonly since: readonly number[];
  readonly place: Place;
}

function policyHealth(policy: Policy, { rows, selected, since, place }: Mine, now: number): PolicyHealth {
  const sum = (of: (point: RegionStatus) => number) => rows.reduce((total, { point }) => total + of(point), 0);
  const schedule = scheduleOf(policy);
  const overdue = schedule && since.map(overdueAt(schedule, now, place)).reduce((a, b) => Math.max(a, b), 0);
  return {
    policy: policy.name,
    selected,
    overdueSeconds: overdue && Math.floor(overdue / 1000),
    completed: sum(({ completed }) => completed),
    pending: sum(({ pending }) => pending),
    failed: sum(({ failed }) => failed),
  };
}

/**
 * How well a region protects the resources of a world. With their home unknown, as in a disaster, the ages are those of
 * all that has points: nothing else says how old the copies are getting.
 */
export function health(inventory: Inventory, region: string, rules: RulesTable): Health {
  if (knownView(inventory, region) === undefined) return { resources: [], policies: [] };
  const resources = livingIn(inventory);
  const selected = resources && selection({ ...inventory, resources }, rulesOf(rules, inventory.kind));
  const rows = resourcesIn([inventory], rules).flatMap((row): Row[] => {
    const point = row.points[region];
    return point === undefined ? [] : [{ ...row, point }];
  });
  const place = region === inventory.home ? "home" : "copy";
  const found = inventory.policies
    .filter((policy) => covers(policy, inventory, region, selected?.get(policy.name)))
    .map((policy) => {
      const { name } = policy;
      const mine = rows.filter((row) => row.policy === name);
      const wanted = selected && new Map((selected.get(name) ?? []).map((resource) => [resource.id, resource]));
      const known = mine
        .filter(({ id }) => wanted === undefined || wanted.has(id))
        .map(({ id, point }) => ({ id, since: sinceOf(point, wanted?.get(id)) }));
      const since = known.flatMap((one) => one.since ?? []);
      return {
        resources: known.map(({ id, since }) => ({
          policy: name,
          resource: id,
          ageSeconds: since === undefined ? undefined : Math.max(0, Math.floor((inventory.now - since) / 1000)),
        })),
        policy: policyHealth(policy, { rows: mine, selected: wanted?.size, since, place }, inventory.now),
      };
    });
  return { resources: found.flatMap(({ resources }) => resources), policies: found.map(({ policy }) => policy) };
}
