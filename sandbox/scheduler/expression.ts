import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";

/** When a schedule is due. Times are milliseconds since the epoch. */
export interface Recurrence {
  readonly kind: "rate" | "cron" | "at";
  /** The first time after `after`; rates count from `start`, and their first time is `start` itself. */
  next(after: number, start: number): number | undefined;
}

/** What is wrong with an expression. */
export class BadExpression extends Error {}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A field of AWS's cron: its limits and what is allowed in it (EventBridge Scheduler user guide, "Schedule types"). */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly item: RegExp;
}

const NUMBER = String.raw`(?:\*|\d+(?:-\d+)?)(?:\/\d+)?`;
const MONTH = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
const DAY = "SUN|MON|TUE|WED|THU|FRI|SAT";
const named = (names: string) => String.raw`(?:\*|(?:\d+|${names})(?:-(?:\d+|${names}))?)(?:\/\d+)?`;
const only = (...kinds: string[]) => new RegExp(`^(?:${kinds.join("|")})$`, "i");

const FIELDS: readonly Field[] = [
  { name: "minutes", min: 0, max: 59, item: only(NUMBER) },
  { name: "hours", min: 0, max: 23, item: only(NUMBER) },
  { name: "day-of-month", min: 1, max: 31, item: only(NUMBER, String.raw`\?`, "L", String.raw`\d+W`) },
  { name: "month", min: 1, max: 12, item: only(named(MONTH)) },
  {
    name: "day-of-week",
    min: 1,
    max: 7,
    item: only(named(DAY), String.raw`\?`, "L", `(?:[1-7]|${DAY})L`, `(?:[1-7]|${DAY})#[1-5]`),
  },
  { name: "year", min: 1970, max: 2199, item: only(NUMBER) },
];

/** Reads `rate(...)`, `cron(...)` or `at(...)`. Throws BadExpression with what is wrong. */
export function parseExpression(expression: string, timezone: string): Recurrence {
  checkTimezone(timezone);
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case "rate":
      return rate(inner);
    case "cron":
      return cron(inner, timezone);
    case "at":
      return at(inner, timezone);
    default:
      throw new BadExpression(`${expression} is none of rate(value unit), cron(fields) and at(yyyy-mm-ddThh:mm:ss)`);
  }
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    throw new BadExpression(`${timezone} is not a time zone`);
  }
  // Intl takes offsets too; Scheduler takes names of the time zone database.
  if (/^[+-]/.test(timezone)) throw new BadExpression(`${timezone} is not a time zone of the IANA database`);
}

function rate(inner: string): Recurrence {
  const [, count = "", unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inner) ?? [];
  const interval = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!Number.isSafeInteger(interval)) {
    throw new BadExpression(`rate(${inner}) must be a positive number and minutes, hours or days`);
  }
  return {
    kind: "rate",
    next: (after, start) => (after < start ? start : start + (Math.floor((after - start) / interval) + 1) * interval),
  };
}

/** One-time, to the minute or second, without a zone of its own. */
function at(inner: string, timezone: string): Recurrence {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner)) {
    throw new BadExpression(`at(${inner}) must be at(yyyy-mm-ddThh:mm:ss)`);
  }
  try {
    const time = Temporal.PlainDateTime.from(inner, { overflow: "reject" }).toZonedDateTime(timezone).epochMilliseconds;
    return { kind: "at", next: (after) => (after < time ? time : undefined) };
  } catch {
    throw new BadExpression(`at(${inner}) is not a time`);
  }
}

function cron(inner: string, timezone: string): Recurrence {
  const parts = inner.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new BadExpression(`cron(${inner}) must have six fields: ${FIELDS.map(({ name }) => name).join(" ")}`);
  }
  for (const [index, field] of FIELDS.entries()) checkField(parts[index] ?? "", field);
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = parts;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new BadExpression(`cron(${inner}) must have ? in exactly one of day-of-month and day-of-week`);
  }
  const pattern = ["0", minutes, hours, dayOfMonth, month, weekdays(dayOfWeek), year].map(steps).join(" ");
  let job: Cron;
  try {
    // AWS counts weekdays from Sunday = 1.
    job = new Cron(pattern, { mode: "7-part", alternativeWeekdays: true, timezone, paused: true });
  } catch (error) {
    throw new BadExpression(`cron(${inner}): ${error instanceof Error ? error.message : String(error)}`);
  }
  const isLocal = localTime(minutes, hours, timezone);
  return {
    kind: "cron",
    next: (after) => {
      let time = job.nextRun(new Date(after));
      // Scheduler user guide, "Daylight saving time": a local time that does not exist is skipped, where croner moves it;
      // one that comes twice "runs only once", where croner repeats it if the hour is a list, a range or *.
      while (time && (!isLocal(time) || isRepeated(time, timezone))) time = job.nextRun(time);
      return time?.getTime();
    },
  };
}

function checkField(text: string, { name, min, max, item }: Field): void {
  for (const part of text.split(",")) {
    const numbers = [...part.matchAll(/(?<![/#])\b\d+/g)].map(Number);
    if (!item.test(part) || numbers.some((number) => number < min || number > max)) {
      throw new BadExpression(`${part} is not allowed in the field ${name} (${min} to ${max})`);
    }
  }
}

/** `L` alone is Saturday, `5L` the last Thursday of the month. */
function weekdays(field: string): string {
  return field.replace(/^L$/i, "7").replace(/([1-7]|[A-Z]{3})L$/i, "$1#L");
}

/** `5/10` is every tenth from the fifth on. */
function steps(field: string, index: number): string {
  const max = index === 0 ? 59 : (FIELDS[index - 1]?.max ?? 59);
  return field.replace(/(^|,)(\d+)\//g, `$1$2-${max}/`);
}

/** Whether clocks showed the same before, because they were put back. */
function isRepeated(time: Date, timezone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timezone);
  const first = local.toPlainDateTime().toZonedDateTime(timezone, { disambiguation: "earlier" });
  return first.epochMilliseconds !== time.getTime();
}

/** Whether a time has the minute and hour that the expression names, in its zone. */
function localTime(minutes: string, hours: string, timezone: string): (time: Date) => boolean {
  const wanted = new Cron(`0 ${steps(minutes, 1)} ${steps(hours, 2)} * * * *`, {
    mode: "7-part",
    timezone: "UTC",
    paused: true,
  });
  return (time) => {
    const local = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timezone);
    return wanted.match(new Date(Date.UTC(2000, 0, 1, local.hour, local.minute, local.second)));
  };
}
