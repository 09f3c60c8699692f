import { known } from "./lineage.js";
import type { Policy, Resource, World } from "./model.js";
import { overridden } from "./overrides.js";
import { selection } from "./select.js";
import { type RegionStatus, type ResourceStatus, status } from "./status.js";

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
}

export interface Health {
  readonly resources: readonly ResourceHealth[];
  readonly policies: readonly PolicyHealth[];
}

type Row = ResourceStatus & { readonly point: RegionStatus };

/** Whether the policy wants points in the region: its home, one that it copies to, or one that a resource's tags name. */
function covers(policy: Policy, world: World, region: string, resources: readonly Resource[] = []): boolean {
  const goes = ({ copy }: Policy): boolean => copy.some((rule) => rule.region === region);
  return world.home === region || goes(policy) || resources.some((one) => goes(overridden(policy, one, world).policy));
}

function ageOf(point: RegionStatus, resource: Resource | undefined, now: number): number | undefined {
  if (point.rpoSeconds !== null) return point.rpoSeconds;
  const since = resource?.volumes.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b)[0];
  return since === undefined ? undefined : Math.max(0, Math.floor((now - since) / 1000));
}

function policyHealth(policy: string, selected: number | undefined, rows: readonly Row[]): PolicyHealth {
  const sum = (of: (point: RegionStatus) => number) => rows.reduce((total, { point }) => total + of(point), 0);
  return {
    policy,
    selected,
    completed: sum(({ completed }) => completed),
    pending: sum(({ pending }) => pending),
    failed: sum(({ failed }) => failed),
  };
}

/**
 * How well a region protects the resources of a world. With their home unknown, as in a disaster, the ages are those of
 * all that has points: nothing else says how old the copies are getting.
 */
export function health(world: World, region: string): Health {
  if (known(world, region) === undefined) return { resources: [], policies: [] };
  const selected = known(world, world.home) && selection(world);
  const rows = status(world, []).resources.flatMap((row): Row[] => {
    const point = row.points[region];
    return point === undefined ? [] : [{ ...row, point }];
  });
  const found = world.policies
    .filter((policy) => covers(policy, world, region, selected?.get(policy.name)))
    .map(({ name }) => {
      const mine = rows.filter(({ policy }) => policy === name);
      const wanted = selected && new Map((selected.get(name) ?? []).map((resource) => [resource.id, resource]));
      const resources = mine
        .filter(({ id }) => wanted === undefined || wanted.has(id))
        .map(({ id, point }) => ({ policy: name, resource: id, ageSeconds: ageOf(point, wanted?.get(id), world.now) }));
      return { resources, policy: policyHealth(name, wanted?.size, mine) };
    });
  return { resources: found.flatMap(({ resources }) => resources), policies: found.map(({ policy }) => policy) };
}
