import { TIER_NAMES } from "./calendar.js";
import type { Checks } from "./checks.js";
import { DURATION_WANT, parseDuration } from "./duration.js";
import type { Retain } from "./model.js";

const KEYS = ["count", "age", ...TIER_NAMES] as const;
const WANT = `at least one of ${KEYS.join(", ")}, like { count: 3, age: 7d } or { daily: 7, monthly: 12 }`;
/** Counts of what to keep. Nought would keep nothing, which is refused even beside a rule that keeps something. */
const COUNTS = ["count", ...TIER_NAMES] as const;

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 1;

/** How long points stay. One that would keep nothing is a problem. */
export function readRetain(checks: Checks, key: string, value: unknown): Retain {
  const before = checks.problems.length;
  const fields = checks.object(key, value, KEYS, WANT);
  const none = KEYS.every((name) => fields[name] === undefined);
  if (none && checks.problems.length === before) checks.add(key, value, WANT);
  const counts = COUNTS.flatMap((name) => {
    const number = fields[name];
    if (number !== undefined && !isCount(number)) checks.add(`${key}.${name}`, number, "a whole number from 1");
    return isCount(number) ? [[name, number] as const] : [];
  });
  const { age } = fields;
  const ageMs = typeof age === "string" ? parseDuration(age) : undefined;
  if (age !== undefined && ageMs === undefined) checks.add(`${key}.age`, age, DURATION_WANT);
  return { ...Object.fromEntries(counts), ...(ageMs === undefined ? {} : { ageMs }) };
}
