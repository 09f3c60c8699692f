import { knownView } from "../../inventory/lineage.js";
import type { Alert, Inventory, Policy, Resource } from "../../model/model.js";
import { sectionOf } from "../../model/sections.js";
import { MEMBERS } from "../../names/scope.js";
import { TAG_NAMES } from "../../names/tags.js";
import { covered, fitsNothing } from "../../selection/exclude.js";
import { leftOut } from "../../selection/members.js";
import { formatNearMisses } from "../../selection/near-miss.js";
import { asksFor, overridden, quoteTag } from "../../selection/overrides.js";
import { formatSelect, notMeant, selects } from "../../selection/select.js";
import { formatLeftOff, ownOf } from "../carried-tags.js";

type Told = Omit<Alert, "do">;

const NONE = { policy: "", resource: "", point: "" } as const;

/** What policies select, and what they do not though it might be meant; and what keeps a part of it out of its points. */
export function aboutSelection(world: Inventory, selected: ReadonlyMap<string, readonly Resource[]>): Told[] {
  if (knownView(world, world.home) === undefined) return [];
  return [
    ...aboutUnselected(world, selected),
    ...world.policies.flatMap((policy): Told[] => [
      ...aboutMembers(world, policy),
      ...aboutExclude(world, policy),
      ...aboutTags(world, policy, selected.get(policy.name) ?? []),
    ]),
  ];
}

/** What a policy's selection takes; and what it does not, by a capital or a blank. */
function aboutTags(world: Inventory, policy: Policy, resources: readonly Resource[]): Told[] {
  const told = { ...NONE, region: world.home, policy: policy.name } as const;
  const { policies, resources: all, tagNames } = world;
  const missed = formatNearMisses(policy, { policies, resources: all, tagNames });
  const near = missed === undefined ? [] : [missed];
  if (resources.length > 0) {
    const wants = `it wants ${formatSelect(policy.select)}`;
    const reasons = near.map((one): Told => ({ ...told, cause: "nearly-selected", reason: `${wants}; ${one}` }));
    return [...reasons, ...resources.flatMap((one) => aboutResource(world, policy, one))];
  }
  const what = policy.kinds === undefined ? "resource" : policy.kinds.join(" or ");
  const none = "everything" in policy.select ? `there is no ${what}` : `no ${what} has ${formatSelect(policy.select)}`;
  return [{ ...told, cause: "nothing-selected", reason: [none, ...near].join("; ") }];
}

/** Whom a policy would select were they not members of groups. Where it says what it includes, nothing need be told. */
function aboutMembers(world: Inventory, policy: Policy): Told[] {
  const members = sectionOf(policy).include === undefined ? notMeant(policy, world.resources, world.tagNames) : [];
  if (members.length === 0) return [];
  const out = members.flatMap((member) => leftOut(policy, member));
  const said = MEMBERS.map((one) => [one, out.filter((other) => other === one).length] as const)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${one} ${count}`);
  const reason = `${members.length} instance(s) that it would select are left out, by what they are members of: ${said.join(", ")}`;
  return [{ ...NONE, region: world.home, policy: policy.name, cause: "members-left-out", reason }];
}

/** What a policy excludes and nothing has that it would take: more is kept than was meant, or a name is wrong. */
function aboutExclude({ home, resources, tagNames }: Inventory, policy: Policy): Told[] {
  const { exclude, ...more } = sectionOf(policy);
  const whole = { ...policy, sections: { ebs: more } };
  const taken = exclude === undefined ? [] : resources.filter((one) => selects(whole, one, tagNames));
  const nothing = exclude === undefined || taken.length === 0 ? [] : fitsNothing(exclude, taken);
  if (nothing.length === 0) return [];
  const reason = `it excludes ${nothing.join(", ")}, which no volume has of the ${taken.length} resource(s) that it selects`;
  return [{ ...NONE, region: home, policy: policy.name, cause: "excludes-nothing", reason }];
}

/** What asks for points by its own tag, and gets none: no policy selects it, nor the instance that a volume belongs to. */
function aboutUnselected(world: Inventory, selected: ReadonlyMap<string, readonly Resource[]>): Told[] {
  const chosen = [...selected.values()].flat();
  // Of those that are not meant, the policy's own alert tells.
  const others = world.policies.flatMap((policy) => notMeant(policy, world.resources, world.tagNames));
  const served = new Set(
    [...chosen, ...others].flatMap(({ id, members: volumes }) => [id, ...volumes.map((one) => one.id)]),
  );
  const { backup = "" } = world.tagNames ?? TAG_NAMES;
  return world.resources
    .filter(({ id, tags }) => !served.has(id) && asksFor(tags, world.tagNames) === true)
    .map(({ id, tags }) => {
      const reason = `it has the tag ${backup}=${quoteTag(tags[backup] ?? "")}, and no policy selects it`;
      return { ...NONE, region: world.home, resource: id, cause: "nothing-selected", case: "unselected", reason };
    });
}

/** What keeps a selected resource, or a part of what is wanted of it, out of its points. */
function aboutResource(world: Inventory, policy: Policy, resource: Resource): Told[] {
  const told = { ...NONE, region: world.home, policy: policy.name, resource: resource.id };
  if (resource.members.length === 0) {
    return [{ ...told, cause: "nothing-selected", case: "no-volumes", reason: "it has no volumes to protect" }];
  }
  const found: Told[] = [];
  const { problems } = overridden(policy, resource, world);
  if (problems.length > 0) {
    const reason = `${problems.join("; ")}: the policy's own value holds`;
    found.push({ ...told, cause: "bad-tag", reason });
  }
  const { volumes, problem } = covered(policy, resource);
  const leftOff =
    problem === undefined ? formatLeftOff(volumes, sectionOf(policy).copyTags, ownOf(world, policy)) : undefined;
  if (problem !== undefined) found.push({ ...told, ...problem });
  if (leftOff !== undefined) found.push({ ...told, cause: "tags-left-off", reason: leftOff });
  return found;
}
