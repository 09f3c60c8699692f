import { knownView, type Lineages } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import { render, split, valuesOf } from "../model/labels.js";
import type { Finalize, Inventory, Policy, Resource } from "../model/model.js";
import { FINALIZE_MS } from "./finalize.js";

/** By snapshot the tags that it lacks. */
type Lacking = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Tags that tell a snapshot's own volume: one call for a set gives all its snapshots the same, so these are a step of their own,
 * which the run after makes, and any later one, for a day. What is there is left as it is, whatever it says; and of a volume
 * that the resource has no more, nothing is known any more.
 */
export function planLabels(world: Inventory, seen: Lineages): Finalize[] {
  if (knownView(world, world.home) === undefined) return [];
  const policies = world.policies.filter(({ pointTags }) => Object.keys(split(pointTags).ofVolume).length > 0);
  if (policies.length === 0) return [];
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const resources = new Map(world.resources.map((resource) => [resource.id, resource]));
  return seen.all.flatMap((lineage) => {
    const policy = byName.get(lineage.policy);
    const resource = resources.get(lineage.resource);
    if (policy === undefined || resource === undefined) return [];
    return seen.pointsIn(lineage, world.home).points.flatMap((entry) => finalizeOf(world, policy, resource, entry));
  });
}

function finalizeOf(world: Inventory, policy: Policy, resource: Resource, entry: PointState): Finalize[] {
  if (entry.status !== "completed" && entry.status !== "pending") return [];
  const tags = lackingIn(world, policy, resource, entry);
  const snapshots = Object.keys(tags).toSorted();
  if (snapshots.length === 0) return [];
  const keys = [...new Set(Object.values(tags).flatMap((one) => Object.keys(one)))].toSorted();
  return [
    {
      do: "finalize",
      region: world.home,
      policy: policy.name,
      resource: resource.id,
      point: entry.point.id,
      reason: `not tagged yet: ${keys.join(", ")}`,
      artifacts: snapshots,
      tags,
    },
  ];
}

function lackingIn(
  world: Inventory,
  policy: Policy,
  resource: Resource,
  { point, artifacts: parts }: PointState,
): Lacking {
  const templates = split(policy.pointTags).ofVolume;
  const { id, scheduled } = point;
  const values = valuesOf({ policy, resource, point: id, scheduled, region: world.home, home: world.home });
  const devices = new Map(resource.members.map((volume) => [volume.id, volume.device]));
  const lacking = parts.flatMap((part): [string, Record<string, string>][] => {
    const device = devices.get(part.member);
    if (part.state === "error" || device === undefined || world.now - part.startedAt > FINALIZE_MS) return [];
    const all = Object.entries(render({ templates, values }, { "volume-id": part.member, device }));
    const missing = all.filter(([key]) => !part.tagged?.includes(key));
    return missing.length === 0 ? [] : [[part.id, Object.fromEntries(missing)]];
  });
  return Object.fromEntries(lacking);
}
