import { Temporal } from "temporal-polyfill";

const DAY_MS = 86_400_000;

/** An instant, by the clocks of a zone of the IANA database. */
export const inZone = (instant: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export const offsetAt = (instant: number, timeZone: string): number =>
  inZone(instant, timeZone).offsetNanoseconds / 1_000_000;

/** The same of one zone. */
export type Offset = (instant: number) => number;

/** With the answers remembered for a million points: a day whose clocks are not changed is asked about once. */
export function rememberedOffsetOf(timeZone: string): Offset {
  if (timeZone === "UTC") return () => 0;
  const midnights = new Map<number, number>();
  const atMidnight = (day: number): number => {
    const known = midnights.get(day) ?? offsetAt(day * DAY_MS, timeZone);
    midnights.set(day, known);
    return known;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_MS);
    const before = atMidnight(day);
    return before === atMidnight(day + 1) ? before : offsetAt(instant, timeZone);
  };
}
