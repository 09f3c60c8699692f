import type { Making, Selecting, Told } from "../../core/model/kind.js";
import { render, valuesOf } from "../../core/model/labels.js";
import type { Policy, Resource } from "../../core/model/model.js";
import { type Own, ownOf, wantedTags } from "../../core/model/own-tags.js";
import { pointId } from "../../core/names/identity.js";
import { fsxOf } from "./config.js";

type Tags = Readonly<Record<string, string>>;

/** "letters, digits, white space, _ . : / = + - @" (FSx API reference, Tag): what of EC2's tags may have more, FSx refuses. */
const TAKEN = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
export const takes = (text: string): boolean => TAKEN.test(text);

/** What the tags of a policy and its stack leave room for. */
const ownFor = (own: Own, policy: Pick<Policy, "pointTags">): Own => ({ ...ownOf(own, policy), takes });

/** Tags that FSx takes, and the keys of those that it does not. */
export function taken(tags: Tags): { readonly tags: Tags; readonly refused: readonly string[] } {
  const entries = Object.entries(tags);
  const fits = entries.filter(([key, value]) => takes(key) && takes(value));
  const refused = entries.flatMap(([key, value]) => (takes(key) && takes(value) ? [] : [key]));
  return { tags: Object.fromEntries(fits), refused };
}

/** The tags that a resource gives to its backups, and those that it cannot. */
const carriedBy = (tags: Tags, policy: Policy, own: Own) =>
  wantedTags(tags, fsxOf(policy).copyTags, ownFor(own, policy));

/** What one call gives a backup beside what says which point it is. */
export function madeTags(making: Making): Tags {
  const { policy, resource } = making;
  return { ...carriedBy(resource.tags, policy, making).tags, ...taken(labelsOf(making)).tags };
}

function labelsOf({ policy, resource, point, scheduled, home }: Making): Tags {
  const { pointTags: templates } = policy;
  if (templates === undefined) return {};
  return render({ templates, values: valuesOf({ policy, resource, point, scheduled, region: home, home }) });
}

const SHOWN = 5;

/** Tags that were meant to go along and do not, of each resource that a policy selects. */
export function aboutSelection(selecting: Selecting): readonly Told[] {
  const { policy, selected, home } = selecting;
  return selected.flatMap((resource): Told[] => {
    const said = [...leftOf(selecting, resource), ...refusedOf(selecting, resource)];
    if (said.length === 0) return [];
    const reason = `tags are left off its points: ${said.join("; ")}`;
    return [{ region: home, policy: policy.name, resource: resource.id, point: "", cause: "tags-left-off", reason }];
  });
}

function leftOf(selecting: Selecting, { tags }: Resource): string[] {
  const { left } = carriedBy(tags, selecting.policy, selecting);
  return [...Map.groupBy(left, ({ why }) => why)].map(([why, all]) => {
    const keys = all.map(({ key }) => key);
    const more = keys.length > SHOWN ? ` and ${keys.length - SHOWN} more` : "";
    return `${keys.slice(0, SHOWN).join(", ")}${more} (${why})`;
  });
}

/** A template may be made of a name that has what FSx does not take. Times never do, so any slot will show it. */
function refusedOf({ policy, home, ...naming }: Selecting, resource: Resource): string[] {
  const point = pointId({ policy: policy.name, home, resource: resource.id, scheduled: 0 });
  const { members } = resource;
  const { refused } = taken(labelsOf({ ...naming, policy, home, resource, members, point, scheduled: 0 }));
  const those = `FSx takes only letters, digits, spaces and _.:/=+-@ in tags`;
  return refused.length === 0 ? [] : [`${refused.join(", ")} of the policy's pointTags (${those})`];
}
