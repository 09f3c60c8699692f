import type { Told } from "../../model/kind.js";
import type { Policy, Resource } from "../../model/model.js";
import { TAG_NAMES } from "../../names/tags.js";
import { asksFor, overridden, quoteTag } from "../../selection/overrides.js";
import { notMeant, wants } from "../../selection/select.js";
import { uncopied } from "../../selection/uncopied.js";
import type { PlanContext } from "../context.js";

/** What keeps resources, or a part of what is wanted of them, out of their points. */
export function aboutResources(context: PlanContext): Told[] {
  const { inventory, home, rules, selected } = context;
  if (home === undefined) return [];
  const { resources } = home;
  return [
    ...aboutUnselected(context, resources),
    ...inventory.policies.flatMap((policy): Told[] => {
      const wanted = resources.filter((one) => wants(policy, one, rules, inventory.tagNames));
      const chosen = selected.get(policy.name) ?? [];
      return [
        ...rules.aboutSelection({ ...inventory, policy, wanted, selected: chosen }),
        ...chosen.flatMap((one) => aboutResource(context, policy, one)),
      ];
    }),
  ];
}

/** What asks for points by its own tag, and gets none: no policy selects it, nor a resource that it is a member of. */
function aboutUnselected({ inventory, rules, selected }: PlanContext, resources: readonly Resource[]): Told[] {
  const { policies, tagNames, home } = inventory;
  const chosen = [...selected.values()].flat();
  // Of those that are not meant, the policy's own alert tells.
  const others = policies.flatMap((policy) => notMeant(policy, resources, rules, tagNames));
  const served = new Set([...chosen, ...others].flatMap(({ id, members }) => [id, ...members.map((one) => one.id)]));
  const { backup = "" } = tagNames ?? TAG_NAMES;
  return resources
    .filter(({ id, tags }) => !served.has(id) && asksFor(tags, tagNames) === true)
    .map(({ id, tags }) => {
      const reason = `it has the tag ${backup}=${quoteTag(tags[backup] ?? "")}, and no policy selects it`;
      const about = { region: home, policy: "", resource: id, point: "" };
      return { ...about, cause: "nothing-selected", case: "unselected", reason };
    });
}

function aboutResource(context: PlanContext, policy: Policy, resource: Resource): Told[] {
  const { inventory, rules, refused } = context;
  const told = { region: inventory.home, policy: policy.name, resource: resource.id, point: "" };
  if (resource.members.length === 0) {
    const reason = `it has no ${rules.words.members} to protect`;
    return [{ ...told, cause: "nothing-selected", case: "no-members", reason }];
  }
  const { policy: ruled, problems } = overridden(policy, resource, inventory);
  const reason = `${problems.join("; ")}: the policy's own value holds`;
  const badTags: Told[] = problems.length === 0 ? [] : [{ ...told, cause: "bad-tag", reason }];
  const { problem } = rules.protects(policy, resource);
  if (problem !== undefined) return [...badTags, { ...told, ...problem }];
  const never = refused("create", inventory.home, resource.id);
  if (never !== undefined) return [...badTags, { ...told, cause: "cannot-protect", reason: never }];
  const without = uncopied(ruled, { ...resource, home: inventory.home }, context);
  if (without.length === 0) return badTags;
  return [...badTags, { ...told, cause: "cannot-copy", reason: without.map((one) => one.reason).join("; ") }];
}
