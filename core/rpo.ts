import { newestSlot, parseSchedule, type Schedule } from "./schedule.js";

/** A copy is made after its point, and the first one is a full one. */
const COPY_ALLOWANCE_S = 3600;
/** A region at rest looks every quarter of an hour, and an alarm wants two looks. */
const LEAST_S = 1800;
/** Slots that are looked at: enough to see a year of weeks and of months. */
const SLOTS = 60;
/** A fixed time, so that the same schedule always gives the same limit. */
const FROM = Date.UTC(2026, 11, 31);
const YEAR_S = 366 * 86_400;

const gaps = new Map<string, number>();

/** The longest time between two points of a schedule. Every plan asks, and a cron's takes as long to find as a small plan. */
function gapSeconds(expression: string): number {
  const known = gaps.get(expression);
  if (known !== undefined) return known;
  const parsed = parseSchedule(expression);
  if (!parsed.ok) throw new Error(`schedule "${expression}"; right is ${parsed.problem}`);
  const gap = longestGapSeconds(parsed.schedule);
  gaps.set(expression, gap);
  return gap;
}

/** A year where the schedule gives no two points. */
function longestGapSeconds(schedule: Schedule): number {
  if (schedule.kind === "rate") return schedule.everyMs / 1000;
  let [longest, later] = [0, newestSlot(schedule, FROM)];
  for (let i = 0; i < SLOTS && later !== undefined; i++) {
    const earlier = newestSlot(schedule, later - 1);
    if (earlier !== undefined) longest = Math.max(longest, (later - earlier) / 1000);
    later = earlier;
  }
  return longest || YEAR_S;
}

/** How old a region's newest point may get before people are told: one point may fail, two in a row must not. */
export function rpoLimitSeconds(expression: string, place: "home" | "copy"): number {
  const gap = gapSeconds(expression);
  return Math.max(LEAST_S, 2 * gap) + (place === "copy" ? COPY_ALLOWANCE_S : 0);
}
