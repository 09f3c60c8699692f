import type { Selecting, Told } from "../../core/model/kind.js";
import { ownOf } from "../../core/model/own-tags.js";
import { formatLeftOff } from "./carried-tags.js";
import { ebsOf, MEMBERS } from "./config.js";
import { covered, fitsNothing } from "./exclude.js";
import { leftOut } from "./memberships.js";

/** What of a policy's own section for EBS does other than it may have been meant. */
export const aboutSelection = (selecting: Selecting): readonly Told[] => [
  ...aboutMembers(selecting),
  ...aboutExclude(selecting),
  ...aboutTags(selecting),
];

const about = ({ home, policy }: Selecting) => ({ region: home, policy: policy.name, resource: "", point: "" });

/** Whom a policy would select were they not members of groups. Where it says what it includes, nothing need be told. */
function aboutMembers(selecting: Selecting): Told[] {
  const { policy, wanted } = selecting;
  if (ebsOf(policy).include !== undefined) return [];
  const left = wanted.map((one) => leftOut(policy, one)).filter((groups) => groups.length > 0);
  if (left.length === 0) return [];
  const out = left.flat();
  const said = MEMBERS.map((one) => [one, out.filter((other) => other === one).length] as const)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${one} ${count}`);
  const reason = `${left.length} instance(s) that it would select are left out, by what they are members of: ${said.join(", ")}`;
  return [{ ...about(selecting), cause: "members-left-out", reason }];
}

/** What a policy excludes and nothing has that it would take: more is kept than was meant, or a name is wrong. */
function aboutExclude(selecting: Selecting): Told[] {
  const { policy, wanted } = selecting;
  const taken = wanted.filter((one) => leftOut(policy, one).length === 0);
  const { exclude } = ebsOf(policy);
  const nothing = exclude === undefined || taken.length === 0 ? [] : fitsNothing(exclude, taken);
  if (nothing.length === 0) return [];
  const reason = `it excludes ${nothing.join(", ")}, which no volume has of the ${taken.length} resource(s) that it selects`;
  return [{ ...about(selecting), cause: "excludes-nothing", reason }];
}

/** Tags of volumes that were meant to go along and do not. */
function aboutTags(selecting: Selecting): Told[] {
  const { policy, selected } = selecting;
  return selected.flatMap((resource): Told[] => {
    const { volumes, problem } = covered(policy, resource);
    const left =
      problem === undefined ? formatLeftOff(volumes, ebsOf(policy).copyTags, ownOf(selecting, policy)) : undefined;
    if (left === undefined) return [];
    return [{ ...about(selecting), resource: resource.id, cause: "tags-left-off", reason: left }];
  });
}
