import { calendarOf, TIER_NAMES, TIERS, type Tier } from "./calendar.js";
import { sayDuration } from "./duration.js";
import type { Retain } from "./model.js";

/** What retention looks at. */
export interface Retained {
  readonly id: string;
  /** Real start of its data. */
  readonly start: number;
  /** Only what can be restored from counts. */
  readonly complete: boolean;
}

/** A retention and the calendar that it is meant in. */
export interface Rule {
  readonly retain: Retain;
  /** IANA name. @default UTC */
  readonly timezone?: string | undefined;
  /**
   * Where nothing was added for long: ages and tiers count back from this time, and `count`, which says how many there are while
   * new ones come, has ended.
   */
  readonly asOf?: number | undefined;
  /** Whether the newest completed point stays in any case. @default true */
  readonly keepNewest?: boolean;
}

/** What retention says of a point. */
export interface Judgement {
  /** The rules that keep it; none: it may go. */
  readonly keep: readonly string[];
  /** What it is past, when nothing keeps it. */
  readonly gone: string;
}

/**
 * Judges points, newest first. A point stays while any rule keeps it:
 * - `count`: that many completed points, the newest.
 * - `age`: counts back from the newest completed point, not from now, so that a scheduler that stopped never ages the last out.
 * - tiers: the newest of each hour, day, week, month or year, of as many of those as have a completed point. Each tier counts
 *   for itself, and a time without points takes no place.
 * What is not complete takes no other's place: it stays as long as it would if it were complete, since what it lacks may come back.
 */
export function decide(points: readonly Retained[], rule: Rule): ReadonlyMap<string, Judgement> {
  const { retain, asOf, keepNewest = true } = rule;
  const { ageMs } = retain;
  const count = asOf === undefined ? retain.count : undefined;
  const newest = points.reduce(
    (latest, point) => (point.complete ? Math.max(latest, point.start) : latest),
    Number.NEGATIVE_INFINITY,
  );
  const since = asOf ?? newest;
  const keep = new Map<string, string[]>();
  let complete = 0;
  for (const point of points) {
    const why: string[] = [];
    if (complete === 0 && point.complete && keepNewest) why.push("newest completed");
    if (count !== undefined && complete < count) why.push(`count ${complete + 1} of ${count}`);
    if (ageMs !== undefined && point.start >= since - ageMs) {
      why.push(asOf === undefined ? `within ${sayDuration(ageMs)} of the newest` : `within ${sayDuration(ageMs)}`);
    }
    if (point.complete) complete += 1;
    keep.set(point.id, why);
  }
  const superseded = keepByTiers(points, rule, keep);
  return new Map(
    [...keep].map(([id, why]) => [id, { keep: why, gone: why.length > 0 ? "" : sayGone(rule, superseded.get(id)) }]),
  );
}

/** Of each point the tiers, as bits, in whose span a newer one stays. */
type Superseded = ReadonlyMap<string, number>;

const bitOf = (tier: Tier): number => 1 << TIER_NAMES.indexOf(tier);

function keepByTiers(
  points: readonly Retained[],
  { retain, timezone = "UTC", asOf }: Rule,
  keep: ReadonlyMap<string, string[]>,
): Superseded {
  const superseded = new Map<string, number>();
  const tiers = TIER_NAMES.filter((tier) => retain[tier] !== undefined);
  if (tiers.length === 0) return superseded;
  // A try that was late may be younger than the one after it.
  const byStart = points.toSorted((a, b) => b.start - a.start);
  for (const tier of tiers) {
    const most = retain[tier] ?? 0;
    const spanOf = calendarOf(timezone)[tier];
    const spans = new Set<number>();
    for (const { id, start, complete } of byStart) {
      const span = spanOf(start);
      const back = asOf === undefined ? spans.size : Math.floor(spanOf(asOf) - span);
      if (spans.has(span)) superseded.set(id, (superseded.get(id) ?? 0) | bitOf(tier));
      else if (back < most) {
        keep.get(id)?.push(`${tier} ${back + 1} of ${most}`);
        if (complete) spans.add(span);
      }
    }
  }
  return superseded;
}

function sayGone({ retain, asOf }: Rule, superseded = 0): string {
  const { count, ageMs } = retain;
  const counted = asOf === undefined;
  const tiers = TIER_NAMES.flatMap((tier) => {
    const most = retain[tier];
    if (most === undefined) return [];
    const one = TIERS[tier];
    if ((superseded & bitOf(tier)) !== 0) return [`not the newest of its ${one}`];
    return [`past ${most} ${one}${most === 1 ? "" : "s"}${counted ? " with points" : ""}`];
  });
  const rules = [
    ...(count === undefined
      ? []
      : [counted ? `past count ${count}` : "its count has ended, since nothing was added for long"]),
    ...(ageMs === undefined ? [] : [`older than ${sayDuration(ageMs)}${counted ? " before the newest" : ""}`]),
    ...tiers,
  ];
  return rules.join(" and ");
}
