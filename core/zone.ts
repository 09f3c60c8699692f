import { Temporal } from "temporal-polyfill";

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export type Offset = (instant: number) => number;

/** Reads a zone of the IANA database. Costly to make, and to ask. */
function offsetOf(timeZone: string): Offset {
  if (timeZone === "UTC") return () => 0;
  return (instant) => {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
    return local.offsetNanoseconds / 1_000_000;
  };
}

const DAY_MS = 86_400_000;

/** The same, with the answers remembered: a day whose clocks are not changed is asked about once. */
export function rememberedOffsetOf(timeZone: string): Offset {
  const offset = offsetOf(timeZone);
  if (timeZone === "UTC") return offset;
  const midnights = new Map<number, number>();
  const atMidnight = (day: number): number => {
    const known = midnights.get(day) ?? offset(day * DAY_MS);
    midnights.set(day, known);
    return known;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_MS);
    const before = atMidnight(day);
    return before === atMidnight(day + 1) ? before : offset(instant);
  };
}
