import type { Inventory, Member, Policy } from "../../core/model/model.js";
import { isLike } from "../../core/names/pattern.js";
import { TAG, TAG_NAMES, TAG_PREFIX } from "../../core/names/tags.js";
import type { Carried } from "./details.js";
import type { CopyTags } from "./volumes-config.js";

/** EC2 user guide, "Tag restrictions". */
const TAGS_MAX = 50;

type Tags = Readonly<Record<string, string>>;

/** What a volume's snapshots get of its tags, and what they do not. */
export interface Wanted {
  readonly tags: Tags;
  readonly left: readonly { readonly key: string; readonly why: string }[];
}

/** What a stack puts on its points itself, and how it calls people's tags. */
export type Own = Pick<Inventory, "tags" | "tagNames"> & {
  /** Keys of the policy's templates. @default none */
  readonly labels?: readonly string[];
};

/** The same for one policy of a stack. */
export const ownOf = ({ tags, tagNames }: Own, { pointTags }: Pick<Policy, "pointTags">): Own => ({
  ...(tags === undefined ? {} : { tags }),
  ...(tagNames === undefined ? {} : { tagNames }),
  labels: Object.keys(pointTags ?? {}),
});

/** Why a volume's tag may never be on a snapshot of ours. */
function barred(key: string, { tags = {}, tagNames = TAG_NAMES, labels = [] }: Own): string | undefined {
  if (/^aws:/i.test(key)) return "AWS keeps aws: to itself";
  if (key.startsWith(TAG_PREFIX)) return `${TAG_PREFIX} says what a point is`;
  if (key === tagNames.keepForever) return "it would keep every point for ever";
  if (labels.includes(key)) return "the policy has a tag of that key";
  return Object.hasOwn(tags, key) ? "the stack has a tag of that key" : undefined;
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
 * The tags that one volume gives to its snapshots: those that the policy names, as many as fit beside ours (a copy has the
 * most of those). Past the limit go the last by key, or by the policy's order.
 */
export function wantedTags(tags: Tags, rule: CopyTags | undefined, own: Own): Wanted {
  if (rule === undefined) return { tags: {}, left: [] };
  const keys = keysBy(rule, tags);
  const taken = new Set([...Object.values(TAG), "Name", ...Object.keys(own.tags ?? {}), ...(own.labels ?? [])]);
  const kept: [string, string][] = [];
  const left: { key: string; why: string }[] = [];
  for (const key of keys) {
    const why = barred(key, own) ?? (taken.has(key) || taken.size < TAGS_MAX ? undefined : `past ${TAGS_MAX} tags`);
    if (why !== undefined) {
      left.push({ key, why });
      continue;
    }
    taken.add(key);
    kept.push([key, tags[key] ?? ""]);
  }
  return { tags: Object.fromEntries(kept), left };
}

const isWhole = ({ tags }: Member, wanted: Wanted): boolean =>
  Object.keys(wanted.tags).length === Object.keys(tags).length;

/**
 * How one call puts the volumes' tags on their snapshots. AWS copies all tags of each volume or none, and one that it may not
 * copy, or a 51st, fails the whole set; so this is asked for only where all are wanted and fit. Else the call has the tags that
 * all volumes share, and the others are on the copies only, each of which is a call of its own.
 */
export function carriedTags(volumes: readonly Member[], rule: CopyTags | undefined, own: Own): Carried | undefined {
  if (rule === undefined) return undefined;
  const wanted = volumes.map((volume) => ({ volume, wanted: wantedTags(volume.tags, rule, own) }));
  if (volumes.length > 1 && wanted.every(({ volume, wanted: w }) => isWhole(volume, w))) {
    return { fromSource: true, tags: {} };
  }
  const [first, ...others] = wanted.map(({ wanted: w }) => w.tags);
  const shared = Object.entries(first ?? {}).filter(([key, value]) =>
    others.every((tags) => Object.hasOwn(tags, key) && tags[key] === value),
  );
  return { fromSource: false, tags: Object.fromEntries(shared) };
}

const SHOWN = 5;

/** What a person should know of tags that do not go along; undefined where all that are wanted do. */
export function formatLeftOff(volumes: readonly Member[], rule: CopyTags | undefined, own: Own): string | undefined {
  const carried = carriedTags(volumes, rule, own);
  if (carried === undefined) return undefined;
  const said = new Map<string, Set<string>>();
  const say = (key: string, why: string): void => {
    said.set(why, (said.get(why) ?? new Set()).add(key));
  };
  for (const volume of volumes) {
    const wanted = wantedTags(volume.tags, rule, own);
    for (const { key, why } of wanted.left) say(key, why);
    if (carried.fromSource) continue;
    for (const key of Object.keys(wanted.tags)) {
      if (!Object.hasOwn(carried.tags, key)) say(key, "the volumes differ, so that only copies have it");
    }
  }
  if (said.size === 0) return undefined;
  const list = (keys: ReadonlySet<string>): string => {
    const names = [...keys].toSorted();
    const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
    return names.slice(0, SHOWN).join(", ") + more;
  };
  return `tags of its volumes are left off its points: ${[...said].map(([why, keys]) => `${list(keys)} (${why})`).join("; ")}`;
}
