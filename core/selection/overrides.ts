import { type EffectivePolicy, RECORDED_MAX, type Recorded, recordedAt } from "../config/recorded.js";
import type { CopyRule, Inventory, Policy, Resource, TagNames } from "../model/model.js";
import { TAG_NAMES } from "../names/tags.js";

const DAY_MS = 86_400_000;
/** A hundred years, as for locks: more is a slip. */
const DAYS_MAX = 36_500;
const DAYS_WANT = `a number of days from 1 to ${DAYS_MAX}`;

/** What the tags of a resource make of its policy. */
export interface Overridden {
  readonly policy: EffectivePolicy;
  /** Tags whose values are not what is wanted, each with what would be right; the policy's own value holds instead. */
  readonly problems: readonly string[];
}

/** What a stack knows of its estate, as far as tags may name it. */
export type Estate = Pick<Inventory, "home" | "policies" | "regions" | "tagNames" | "drRegions">;

type Tags = Readonly<Record<string, string>>;

const tagValue = (tags: Tags, key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(tags, key) ? tags[key] : undefined;

/** Whether a resource says itself that it wants points, or wants none; other values are a matter of selections alone. */
export function asksFor(tags: Tags, { backup }: TagNames = TAG_NAMES): boolean | undefined {
  const said = tagValue(tags, backup)?.trim().toLowerCase();
  if (said === "yes" || said === "true") return true;
  return said === "no" || said === "false" ? false : undefined;
}

/** The regions that have a DR stack: each is named by a policy, since a DR stack elsewhere is refused. */
export const drRegionsOf = (policies: readonly Policy[]): string[] =>
  [...new Set(policies.flatMap(({ copy }) => copy.map(({ region }) => region)))].toSorted();

/**
 * A tag's text for people: quoted, so that it ends where it ends, in printable ASCII, so that neither a terminal nor a mail
 * program takes it for anything else, and short.
 */
export function quoteTag(text: string): string {
  const escaped = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return escaped.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const wrong = (key: string, value: string, want: string): string => `its tag ${key} is ${quoteTag(value)}, not ${want}`;

/** `Retention=30`: thirty times 24 hours, of every point and copy. */
function readDays(text: string): number | undefined {
  const digits = /^\s*([1-9]\d{0,4})\s*$/.exec(text)?.[1];
  const days = Number(digits ?? Number.NaN);
  return days <= DAYS_MAX ? days : undefined;
}

/** `BackupCrossRegion=us-west-2, eu-west-1`; what is right of a list with something wrong in it is not taken alone. */
function readRegions(text: string, policy: Policy, estate: Estate): readonly CopyRule[] | string {
  const { home, policies, drRegions = drRegionsOf(policies) } = estate;
  const allowed = drRegions.filter((region) => region !== home);
  if (allowed.length === 0) return "there at all: no policy copies to any region";
  const named = [...new Set(text.split(/[\s,]+/).filter((one) => one !== ""))].toSorted();
  if (named.length === 0 || !named.every((one) => allowed.includes(one))) {
    return `a list of regions with a DR stack: ${allowed.join(", ")}`;
  }
  return named.map((region) => ruleFor(region, policy, policies));
}

/** Of a region that the policy itself does not copy to, only the key is taken from others that do. */
function ruleFor(region: string, { copy, retain }: Policy, policies: readonly Policy[]): CopyRule {
  const own = copy.find((rule) => rule.region === region);
  if (own !== undefined) return own;
  const other = policies.flatMap((policy) => policy.copy).find((rule) => rule.region === region);
  return { region, retain, ...(other?.kmsKey === undefined ? {} : { kmsKey: other.kmsKey }) };
}

/**
 * A policy with what a resource's own tags say in its place. Their text is only ever compared and counted: a number and the
 * names of known regions is all that comes out of it. A bad value changes nothing, and concerns that resource alone.
 */
export function overridden(policy: Policy, { tags }: Pick<Resource, "tags">, estate: Estate): Overridden {
  const names = estate.tagNames ?? TAG_NAMES;
  const retention = tagValue(tags, names.retention);
  const regions = tagValue(tags, names.crossRegion);
  if (retention === undefined && regions === undefined) return { policy, problems: [] };
  const problems: string[] = [];
  let ruled: EffectivePolicy = policy;
  if (retention !== undefined) {
    const days = readDays(retention);
    if (days === undefined) problems.push(wrong(names.retention ?? "", retention, DAYS_WANT));
    else ruled = keptFor(ruled, days * DAY_MS);
  }
  if (regions !== undefined) {
    const rules = readRegions(regions, ruled, estate);
    const copied =
      typeof rules === "string" ? ruled : { ...ruled, byTags: [...(ruled.byTags ?? []), "copy" as const], copy: rules };
    const fits = recordedAt(copied, estate.home, estate.home).length <= RECORDED_MAX;
    const want = typeof rules === "string" ? rules : "fewer regions: a tag of each point has to name them all";
    if (typeof rules === "string" || !fits) problems.push(wrong(names.crossRegion ?? "", regions, want));
    else ruled = copied;
  }
  return { policy: within(ruled, estate), problems };
}

const keptFor = (policy: EffectivePolicy, ageMs: number): EffectivePolicy => ({
  ...policy,
  byTags: ["retain"],
  retain: { ageMs },
  copy: policy.copy.map((rule) => ({ ...rule, retain: { ageMs } })),
});

/** A DR stack looks at its own copies only, as with the policies. */
const within = (policy: EffectivePolicy, { regions }: Estate): EffectivePolicy => ({
  ...policy,
  copy: policy.copy.filter(({ region }) => Object.hasOwn(regions, region)),
});

/** The policy of a resource that is no more, or is not selected any more, with what its tags said when its newest point was made. */
export function asRecorded(policy: Policy, recorded: Recorded | undefined, estate: Estate): EffectivePolicy {
  const { byTags, retain, copies } = recorded ?? {};
  if (byTags === undefined || retain === undefined) return policy;
  const kept = byTags.includes("retain") ? { ...policy, retain } : policy;
  const rules = byTags.includes("copy")
    ? (copies ?? []).map((one) => ruleFor(one, kept, estate.policies))
    : policy.copy;
  const copy = byTags.includes("retain") ? rules.map((rule) => ({ ...rule, retain })) : rules;
  return within({ ...kept, byTags, copy }, estate);
}
