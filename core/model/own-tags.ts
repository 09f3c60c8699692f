import type { CopyTags } from "../config/copy-tags.js";
import { TAGS_MAX } from "../config/tags.js";
import { isLike } from "../names/pattern.js";
import { TAG, TAG_NAMES, TAG_PREFIX } from "../names/tags.js";
import type { Inventory, Policy } from "./model.js";

type Tags = Readonly<Record<string, string>>;

/** What a member's artifacts get of its tags, and what they do not. */
export interface Wanted {
  readonly tags: Tags;
  readonly left: readonly { readonly key: string; readonly why: string }[];
}

/** What a stack puts on its points itself, and how it calls people's tags. */
export type Own = Pick<Inventory, "tags" | "tagNames"> & {
  /** Keys of the policy's templates. @default none */
  readonly labels?: readonly string[];
  /** Whether the kind's service takes such a key, or value, in a tag. @default it takes all */
  readonly takes?: (text: string) => boolean;
};

/** The same for one policy of a stack. */
export const ownOf = ({ tags, tagNames }: Own, { pointTags }: Pick<Policy, "pointTags">): Own => ({
  ...(tags === undefined ? {} : { tags }),
  ...(tagNames === undefined ? {} : { tagNames }),
  labels: Object.keys(pointTags ?? {}),
});

/** Why a member's tag may never be on an artifact of ours. */
function barred(key: string, value: string, own: Own): string | undefined {
  const { tags = {}, tagNames = TAG_NAMES, labels = [], takes } = own;
  if (/^aws:/i.test(key)) return "AWS keeps aws: to itself";
  if (key.startsWith(TAG_PREFIX)) return `${TAG_PREFIX} says what a point is`;
  if (key === tagNames.keepForever) return "it would keep every point for ever";
  if (labels.includes(key)) return "the policy has a tag of that key";
  if (Object.hasOwn(tags, key)) return "the stack has a tag of that key";
  return takes?.(key) === false || takes?.(value) === false
    ? "AWS takes only letters, digits, spaces and _.:/=+-@ here"
    : undefined;
}

/** A list has an order of its own, which says what goes first where there is no room. */
const isList = (rule: CopyTags): rule is readonly string[] => Array.isArray(rule);

function keysBy(rule: CopyTags, tags: Tags): readonly string[] {
  if (isList(rule)) return rule.filter((key) => Object.hasOwn(tags, key));
  const keys = Object.keys(tags).toSorted();
  if (rule === true) return keys;
  const { only, except = [] } = rule;
  const takes = (key: string) => (pattern: string) => isLike(key, pattern);
  return keys.filter((key) => (only?.some(takes(key)) ?? true) && !except.some(takes(key)));
}

/**
 * The tags that one member gives to its artifacts: those that the policy names, as many as fit beside ours (a copy has the
 * most of those). Past the limit go the last by key, or by the policy's order.
 */
export function wantedTags(tags: Tags, rule: CopyTags | undefined, own: Own): Wanted {
  if (rule === undefined) return { tags: {}, left: [] };
  const keys = keysBy(rule, tags);
  const taken = new Set([...Object.values(TAG), "Name", ...Object.keys(own.tags ?? {}), ...(own.labels ?? [])]);
  const kept: [string, string][] = [];
  const left: { key: string; why: string }[] = [];
  for (const key of keys) {
    const why =
      barred(key, tags[key] ?? "", own) ??
      (taken.has(key) || taken.size < TAGS_MAX ? undefined : `past ${TAGS_MAX} tags`);
    if (why !== undefined) {
      left.push({ key, why });
      continue;
    }
    taken.add(key);
    kept.push([key, tags[key] ?? ""]);
  }
  return { tags: Object.fromEntries(kept), left };
}
