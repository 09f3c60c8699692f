const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };
/** A century: longer is a slip of the finger. */
const LONGEST_MS = 36_525 * 24 * HOUR_MS;

/** What a right duration looks like, for messages. */
export const DURATION_WANT = "a whole number of hours, days or weeks, like 36h, 7d or 2w, up to 100 years";

/** Milliseconds of `36h`, `7d` or `2w`; a day is 24 hours. Nothing else is a duration: no fractions, no signs, no spaces. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,8})([hdw])$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? Number.NaN);
  return ms <= LONGEST_MS ? ms : undefined;
}

/** A duration as a person would say it: `7d`, `36h`. */
export function formatDuration(ms: number): string {
  if (ms % (24 * HOUR_MS) === 0) return `${ms / (24 * HOUR_MS)}d`;
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS}h` : `${ms / 1000}s`;
}
