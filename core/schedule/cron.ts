import { Cron, type CronOptions } from "croner";
import { inZone, offsetAt } from "./zone.js";

/** When something is due by a pattern and the clocks of a time zone. Times are milliseconds since the epoch. */
export interface CronTimes {
  /** The newest time at or before an instant. */
  newest(at: number): number | undefined;
  /** The first time after an instant. */
  next(after: number): number | undefined;
}

const DAY_MS = 86_400_000;

/** As AWS counts: seven fields, weekdays from Sunday, which is 1, and a day must be both. */
const AWS: CronOptions = { mode: "7-part", alternativeWeekdays: true, domAndDow: true, paused: true };

/** A pattern's times as croner finds them. */
function croner(pattern: string, where: CronOptions): CronTimes {
  const cron = new Cron(pattern, { ...AWS, ...where });
  return {
    newest: (at) => cron.previousRuns(1, new Date(at + 1))[0]?.getTime(),
    next: (after) => cron.nextRun(new Date(after))?.getTime(),
  };
}

/** What clocks show, as if it were UTC. */
const shownAt = (instant: number, timezone: string): number => instant + offsetAt(instant, timezone);

/** The first instant at which clocks show a time, given as if it were UTC; where they skip it, the end of the gap. */
function firstShown(shown: number, timezone: string): number {
  const time = inZone(shown, "UTC").toPlainDateTime();
  const first = time.toZonedDateTime(timezone, { disambiguation: "earlier" });
  // In a gap, "earlier" is as long before its begin as the time is before its end.
  const at = first.toPlainDateTime().equals(time) ? first : first.getTimeZoneTransition("next");
  return (at ?? first).epochMilliseconds;
}

/** Whether a pattern has all hours of the day. */
function isHourly(pattern: string): boolean {
  const hours = pattern.split(" ")[2] ?? "";
  const daily = croner(`0 0 ${hours} * * * *`, { utcOffset: 0 });
  return Array.from({ length: 24 }, (_, hour) => hour * 3_600_000).every((hour) => daily.newest(hour) === hour);
}

/**
 * Reads a pattern of seven fields, seconds always 0. Where clocks change, a schedule of every hour goes on as if nothing was,
 * which croner does. Of other schedules a time that comes twice is due the first time, and one that is skipped right after
 * the gap, once. Of these croner is asked for what clocks show, and the time zone database when they show it first: croner's
 * own rule for zones loses times in a gap that ends at midnight (America/Nuuk, each March) or takes a whole day.
 */
export function cronTimes(pattern: string, timezone: string): CronTimes {
  if (timezone === "UTC") return croner(pattern, { utcOffset: 0 });
  if (isHourly(pattern)) return croner(pattern, { timezone });
  const clocks = croner(pattern, { utcOffset: 0 });
  return {
    newest(at) {
      // Where clocks were just put back, times that have come already may be ahead of what they show now.
      const ahead = Math.max(shownAt(at, timezone), shownAt(at - DAY_MS, timezone) + DAY_MS);
      let shown = clocks.newest(ahead);
      while (shown !== undefined && firstShown(shown, timezone) > at) shown = clocks.newest(shown - 1);
      return shown === undefined ? undefined : firstShown(shown, timezone);
    },
    next(after) {
      let shown = clocks.next(shownAt(after, timezone));
      while (shown !== undefined && firstShown(shown, timezone) <= after) shown = clocks.next(shown);
      return shown === undefined ? undefined : firstShown(shown, timezone);
    },
  };
}
