import { Temporal } from "temporal-polyfill";

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** EventBridge Scheduler's years end in 2199 (user guide, "Schedule types"). */
const END = Date.UTC(2200, 0, 1);

/** What is wrong with a wish to move the clock. */
export class BadMove extends Error {}

/**
 * The time, in milliseconds since the epoch, that `text` asks for: `+3d`, `+1d12h` (units s, m, h, d, w) from `now`, or an
 * ISO 8601 time with its zone. Throws BadMove for anything else, and for a time before `now`: what has happened stays so.
 */
export function targetOf(text: string, now: number): number {
  const target = text.startsWith("+") ? now + spanOf(text) : instantOf(text);
  if (target < now) {
    throw new BadMove(`${text}: the clock is at ${iso(now)} and goes forward only; a reset sets it back`);
  }
  if (target >= END) throw new BadMove(`${text}: the clock goes up to the year 2199, as Scheduler does`);
  return target;
}

export const iso = (time: number): string => new Date(time).toISOString();

function spanOf(text: string): number {
  if (!/^\+(?:\d{1,9}[smhdw])+$/.test(text)) {
    throw new BadMove(`${text}: give a span as +3d or +1d12h, in s, m, h, d and w`);
  }
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit] ?? Number.NaN), 0);
}

function instantOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new BadMove(`${text}: give a span as +3d, or a time with its zone as 2027-01-31T03:00:00Z`);
  }
}
