import type { CopyTags } from "../../core/config/copy-tags.js";
import type { Member } from "../../core/model/model.js";
import { type Own, type Wanted, wantedTags } from "../../core/model/own-tags.js";
import type { Carried } from "./details.js";

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
