import type { PointStatus } from "../inventory/point-state.js";
import type { Retain } from "../model/model.js";
import { type Calendar, TIER_NAMES, TIERS, type Tier } from "../schedule/calendar.js";
import { formatDuration } from "../schedule/duration.js";

/** What retention looks at. */
export interface Retained {
  /** Real start of its data. */
  readonly start: number;
  /** Only what can be restored from counts. */
  readonly status: PointStatus;
}

/** A retention and the calendar that it is meant in. */
export interface Rule {
  readonly retain: Retain;
  readonly calendar: Calendar;
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
 * Judges points, newest first, each in its place. A point stays while any rule keeps it:
 * - `count`: that many completed points, the newest.
 * - `age`: counts back from the newest completed point, not from now, so that a scheduler that stopped never ages the last out.
 * - tiers: the newest of each hour, day, week, month or year, of as many of those as have a completed point. Each tier counts
 *   for itself, and a time without points takes no place.
 * What is not complete takes no other's place: it stays as long as it would if it were complete, since what it lacks may come back.
 */
export function decide(points: readonly Retained[], rule: Rule): readonly Judgement[] {
  const { retain, asOf, keepNewest = true } = rule;
  const { ageMs } = retain;
  const count = asOf === undefined ? retain.count : undefined;
  const newest = points.reduce(
    (latest, point) => (isComplete(point) ? Math.max(latest, point.start) : latest),
    Number.NEGATIVE_INFINITY,
  );
  const since = asOf ?? newest;
  const within =
    ageMs === undefined ? "" : `within ${formatDuration(ageMs)}${asOf === undefined ? " of the newest" : ""}`;
  let complete = 0;
  const keeps = points.map((point): string[] => {
    const why: string[] = [];
    if (complete === 0 && isComplete(point) && keepNewest) why.push("newest completed");
    if (count !== undefined && complete < count) why.push(formatPlace("count", complete, count));
    if (ageMs !== undefined && point.start >= since - ageMs) why.push(within);
    if (isComplete(point)) complete += 1;
    return why;
  });
  const superseded = keepByTiers(points, rule, keeps);
  const said: string[] = [];
  return keeps.map((keep, i) => {
    if (keep.length > 0) return { keep, gone: "" };
    const tiers = superseded[i] ?? 0;
    said[tiers] ??= formatGone(rule, tiers);
    return { keep, gone: said[tiers] };
  });
}

const isComplete = (point: Retained | undefined): boolean => point?.status === "completed";

/** `daily 3 of 14`. */
const formatPlace = (what: string, place: number, most: number): string => `${what} ${place + 1} of ${most}`;

const bitOf = (tier: Tier): number => 1 << TIER_NAMES.indexOf(tier);

/** Adds what tiers keep, and answers with the tiers of each point, as bits, in whose span a newer one stays. */
function keepByTiers(
  points: readonly Retained[],
  { retain, calendar, asOf }: Rule,
  keeps: readonly string[][],
): readonly number[] {
  const tiers = TIER_NAMES.filter((tier) => retain[tier] !== undefined);
  if (tiers.length === 0) return [];
  const superseded = points.map(() => 0);
  const startOf = (i: number): number => points[i]?.start ?? 0;
  // A try that was late may be younger than the one after it.
  const order = points.map((_, i) => i).sort((a, b) => startOf(b) - startOf(a));
  for (const tier of tiers) {
    const most = retain[tier] ?? 0;
    const spanOf = calendar[tier];
    const spans = new Set<number>();
    for (const i of order) {
      const span = spanOf(startOf(i));
      const back = asOf === undefined ? spans.size : Math.floor(spanOf(asOf) - span);
      if (spans.has(span)) superseded[i] = (superseded[i] ?? 0) | bitOf(tier);
      else if (back < most) {
        keeps[i]?.push(formatPlace(tier, back, most));
        if (isComplete(points[i])) spans.add(span);
      }
    }
  }
  return superseded;
}

function formatGone({ retain, asOf }: Rule, superseded = 0): string {
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
    ...(ageMs === undefined ? [] : [`older than ${formatDuration(ageMs)}${counted ? " before the newest" : ""}`]),
    ...tiers,
  ];
  return rules.join(" and ");
}
