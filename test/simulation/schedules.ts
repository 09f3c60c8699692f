import type { Policy } from "../../core/model/model.js";
import { dueTimes } from "../support/due-times.js";
import { DAY } from "./scenario.js";

type Timed = Pick<Policy, "schedule" | "timezone">;

/** When a policy is due, by another way than the planner's. */
export interface Slots {
  /** The longest time between two slots. */
  readonly gap: number;
  next(after: number): number;
  /** The newest one at or before a time. */
  newest(at: number): number;
}

const cache = new Map<string, Slots>();

export function slotsOf({ schedule, timezone = "UTC" }: Timed): Slots {
  if (schedule === undefined) throw new Error("nothing is ever due without a schedule");
  const key = `${schedule} ${timezone}`;
  const slots = cache.get(key) ?? read(schedule, timezone);
  cache.set(key, slots);
  return slots;
}

const UNITS: Readonly<Record<string, number>> = { minute: DAY / 1440, hour: DAY / 24, day: DAY };

function read(schedule: string, timezone: string): Slots {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (count !== undefined) {
    const gap = Number(count) * (UNITS[unit] ?? Number.NaN);
    const newest = (at: number): number => Math.floor(at / gap) * gap;
    return { gap, newest, next: (after) => newest(after) + gap };
  }
  const years = new Map<number, readonly number[]>();
  /** The times of a year by UTC. */
  const timesOf = (year: number): readonly number[] => {
    const times = years.get(year) ?? dueTimes(schedule, timezone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    years.set(year, times);
    return times;
  };
  const yearOf = (at: number): number => new Date(at).getUTCFullYear();
  const next = (after: number): number => {
    for (let year = yearOf(after), end = year + 10; year < end; year++) {
      const times = timesOf(year);
      const found = times[countUpTo(times, after)];
      if (found !== undefined) return found;
    }
    throw new Error(`schedule ${schedule} ends`);
  };
  const newest = (at: number): number => {
    for (let year = yearOf(at), end = year - 10; year > end; year--) {
      const times = timesOf(year);
      const found = times[countUpTo(times, at) - 1];
      if (found !== undefined) return found;
    }
    throw new Error(`schedule ${schedule} has not begun`);
  };
  return { gap: longestGap(timesOf(2026)), next, newest };
}

/** How many of the times, which are in order, are not after an instant. */
function countUpTo(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const longestGap = (times: readonly number[]): number =>
  times.reduce((longest, time, i) => Math.max(longest, time - (times[i - 1] ?? time)), 0);
