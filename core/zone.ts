/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export type Offset = (instant: number) => number;

/** Reads a zone of the IANA database. Costly to make, and to ask. */
function offsetOf(timeZone: string): Offset {
  if (timeZone === "UTC") return () => 0;
  const numeric = "numeric";
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", year: numeric, month: numeric, day: numeric },
    ...{ hour: numeric, minute: numeric, second: numeric },
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const day = Date.UTC(part("year"), part("month") - 1, part("day"));
    return day + part("hour") * 3_600_000 + part("minute") * 60_000 + part("second") * 1000 - instant;
  };
}

const DAY_MS = 86_400_000;

/** The same, for whole seconds, with the answers remembered: a day whose clocks are not changed is asked about once. */
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
    return before === atMidnight(day + 1) ? before : offset(Math.floor(instant / 1000) * 1000);
  };
}
