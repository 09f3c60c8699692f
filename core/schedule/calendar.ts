import { type Offset, rememberedOffsetOf } from "./zone.js";

/** Spans of the calendar that retention keeps a point of, with what one of each is called. */
export const TIERS = { hourly: "hour", daily: "day", weekly: "week", monthly: "month", yearly: "year" } as const;
export type Tier = keyof typeof TIERS;
export const TIER_NAMES = ["hourly", "daily", "weekly", "monthly", "yearly"] as const satisfies readonly Tier[];

/**
 * The span of its tier that an instant lies in, as a number: the same for all instants of one span, and one more for the
 * next span (more, where clocks are put forward).
 */
export type SpanOf = (instant: number) => number;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const dayOf = (offset: Offset, instant: number): number => Math.floor((instant + offset(instant)) / DAY_MS);

/** An hour is known by the instant it begins at, so that where clocks are put back the same hour comes twice. */
function hourOf(offset: Offset, instant: number): number {
  const ahead = offset(instant);
  return Math.floor((instant + ahead) / HOUR_MS) - ahead / HOUR_MS;
}

/** Weeks begin on Mondays, as in ISO 8601; the first of January 1970 was a Thursday. */
const weekOf = (day: number): number => Math.floor((day + 3) / 7);

function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export type Calendar = Readonly<Record<Tier, SpanOf>>;

/** The calendar of a time zone. */
export function calendarOf(timeZone: string): Calendar {
  const offset = rememberedOffsetOf(timeZone);
  return {
    hourly: (instant) => hourOf(offset, instant),
    daily: (instant) => dayOf(offset, instant),
    weekly: (instant) => weekOf(dayOf(offset, instant)),
    monthly: (instant) => monthOf(dayOf(offset, instant)),
    yearly: (instant) => Math.floor(monthOf(dayOf(offset, instant)) / 12),
  };
}

/** Calendars of time zones, each made when it is first asked for: the database of zones is slow to read. */
export class Calendars {
  readonly #made = new Map<string, Calendar>();

  of(timeZone = "UTC"): Calendar {
    const calendar = this.#made.get(timeZone) ?? calendarOf(timeZone);
    this.#made.set(timeZone, calendar);
    return calendar;
  }
}
