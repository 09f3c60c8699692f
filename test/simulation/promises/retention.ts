import { Temporal } from "temporal-polyfill";
import type { Policy, Retain } from "../../../core/model/model.js";
import { startOf, type TruePoint } from "./truth.js";

/** The rule for a region, or nothing where the policy has none. */
export const ruleFor = (policy: Policy, home: string, region: string): Retain | undefined =>
  region === home ? policy.retain : policy.copy.find((copy) => copy.region === region)?.retain;

const TIERS = ["hourly", "daily", "weekly", "monthly", "yearly"] as const;
type Tier = (typeof TIERS)[number];

const spans = new Map<string, string>();

/** A name for the span that a moment lies in; calendars are slow, and the same points are looked at again and again. */
function spanOf(tier: Tier, moment: number, timezone: string): string {
  const key = `${tier} ${moment} ${timezone}`;
  const span = spans.get(key) ?? nameSpan(tier, moment, timezone);
  spans.set(key, span);
  return span;
}

function nameSpan(tier: Tier, moment: number, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timezone);
  switch (tier) {
    case "hourly":
      return `${local.toPlainDate().toString()} ${local.hour} ${local.offset}`;
    case "daily":
      return local.toPlainDate().toString();
    case "weekly":
      return `${local.yearOfWeek ?? 0} ${local.weekOfYear ?? 0}`;
    case "monthly":
      return `${local.year} ${local.month}`;
    case "yearly":
      return `${local.year}`;
  }
}

function isKeptByTier(
  tier: Tier,
  most: number,
  whole: readonly TruePoint[],
  point: TruePoint,
  timezone: string,
): boolean {
  const start = startOf(point);
  const span = spanOf(tier, start, timezone);
  const newer = whole.map(startOf).filter((other) => other > start);
  const spans = new Set<string>();
  for (const other of newer.sort((a, b) => b - a)) if (spans.size < most) spans.add(spanOf(tier, other, timezone));
  return spans.size < most && !spans.has(span);
}

const UNIT = { hourly: "hours", daily: "days", weekly: "weeks", monthly: "months", yearly: "years" } as const;

/** Whether a moment lies in one of the last so many spans. */
function isRecent(tier: Tier, most: number, moment: number, now: number, timezone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  return Array.from({ length: most }, (_, i) =>
    spanOf(tier, local.subtract({ [UNIT[tier]]: i }).epochMilliseconds, timezone),
  ).includes(spanOf(tier, moment, timezone));
}

/** Whether a rule keeps a point where nothing was added for long: ages and spans count from `now`, and `count` counts no more. `whole` as below. */
export function isRetainedAtEnd(
  rule: Retain,
  { timezone = "UTC" }: Policy,
  whole: readonly TruePoint[],
  point: TruePoint,
  { now, keepNewest }: { readonly now: number; readonly keepNewest: boolean },
): boolean {
  const start = startOf(point);
  const [newest] = whole;
  if (keepNewest && (newest === undefined || point.mark.scheduled >= newest.mark.scheduled)) return true;
  if (rule.ageMs !== undefined && start >= now - rule.ageMs) return true;
  return TIERS.some((tier) => {
    const most = rule[tier];
    if (most === undefined || !isRecent(tier, most, start, now, timezone)) return false;
    const span = spanOf(tier, start, timezone);
    return whole.map(startOf).every((other) => other <= start || spanOf(tier, other, timezone) !== span);
  });
}

/**
 * Whether a policy's rule for a region keeps a point: what docs/configuration.md says, written once more and without core/. `whole`
 * are the restorable points of the region, newest first; the point itself need not be one of them.
 */
export function isRetained(
  rule: Retain,
  { timezone = "UTC" }: Policy,
  whole: readonly TruePoint[],
  point: TruePoint,
): boolean {
  const [newest] = whole;
  if (newest === undefined) return true;
  const newer = whole.filter(({ mark }) => mark.scheduled > point.mark.scheduled).length;
  if (newer < Math.max(1, rule.count ?? 0)) return true;
  if (rule.ageMs !== undefined && startOf(point) >= startOf(newest) - rule.ageMs) return true;
  return TIERS.some((tier) => {
    const most = rule[tier];
    return most !== undefined && isKeptByTier(tier, most, whole, point, timezone);
  });
}
