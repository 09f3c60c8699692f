import type { Policy, Resource } from "./model.js";

/** Whether a policy wants a resource: the tag is there and has exactly that value. */
export const selects = (policy: Pick<Policy, "select">, resource: Pick<Resource, "tags">): boolean =>
  Object.hasOwn(resource.tags, policy.select.key) && resource.tags[policy.select.key] === policy.select.value;

/** The resources of each policy, by its name; a resource may be under several. */
export function selection(
  policies: readonly Policy[],
  resources: readonly Resource[],
): ReadonlyMap<string, readonly Resource[]> {
  return new Map(policies.map((policy) => [policy.name, resources.filter((resource) => selects(policy, resource))]));
}
