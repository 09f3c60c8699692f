import { Cron } from "croner";
import type { Policy } from "../../core/model.js";
import { parseSchedule } from "../../core/schedule.js";
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

function read(schedule: string, timezone: string): Slots {
  const parsed = parseSchedule(schedule, timezone);
  if (!parsed.ok) throw new Error(`schedule ${schedule}: ${parsed.problem}`);
  if (parsed.schedule.kind === "rate") {
    const gap = parsed.schedule.everyMs;
    const newest = (at: number): number => Math.floor(at / gap) * gap;
    return { gap, newest, next: (after) => newest(after) + gap };
  }
  const cron = new Cron(parsed.schedule.pattern, { timezone, alternativeWeekdays: true, domAndDow: true });
  const next = (after: number): number => {
    const found = cron.nextRun(new Date(after));
    if (found === null) throw new Error(`schedule ${schedule} ends`);
    return found.getTime();
  };
  const gap = schedule.includes("*/") ? DAY / 4 : /\? \* [A-Z]/.test(schedule) ? 7 * DAY : DAY;
  // The same slot is asked for again and again.
  let span: readonly [number, number] = [0, 0];
  const newest = (at: number): number => {
    if (at >= span[0] && at < span[1]) return span[0];
    // A clock that changes makes a gap an hour longer.
    let found = next(at - gap - DAY);
    let later = next(found);
    for (; later <= at; later = next(found)) found = later;
    span = [found, later];
    return found;
  };
  return { gap: gap + DAY / 24, next, newest };
}
