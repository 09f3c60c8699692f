import { type CronTimes, cronTimes } from "./cron.js";

/** When points are due. */
export type Schedule =
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly times: CronTimes };

/** A schedule, or what would be right instead, to be said after "right is". */
export type Parsed =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: string };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const bad = (problem: string): Parsed => ({ ok: false, problem });

/** EventBridge wants `1 hour` and `2 hours`, never `1 hours` (EventBridge user guide, rate expressions). */
function parseRate(body: string): Parsed {
  const match = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(body);
  if (match === null) return bad("rate(<whole number> minute|minutes|hour|hours|day|days)");
  const [, digits, unit = "", plural] = match;
  const value = Number(digits);
  if ((value === 1) !== (plural === "")) return bad(`rate(${value} ${unit}${value === 1 ? "" : "s"})`);
  return { ok: true, schedule: { kind: "rate", everyMs: value * (UNIT_MS[unit] ?? 0) } };
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** EventBridge Scheduler user guide, cron-based schedules: six fields, weekdays 1 to 7 from Sunday. */
const FIELDS = {
  minutes: { name: "minutes", min: 0, max: 59 },
  hours: { name: "hours", min: 0, max: 23 },
  monthday: { name: "day-of-month", min: 1, max: 31 },
  month: { name: "month", min: 1, max: 12, words: MONTHS },
  weekday: { name: "day-of-week", min: 1, max: 7, words: DAYS },
  year: { name: "year", min: 1970, max: 2199 },
} as const satisfies Record<string, Field>;

class FieldError extends Error {}

function value(field: Field, text: string): number {
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1;
  const number = word >= 0 ? field.min + word : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= field.min && number <= field.max) return number;
  const words = field.words ? ` or ${field.words[0]} to ${field.words.at(-1)}` : "";
  throw new FieldError(`${field.min} to ${field.max}${words} in ${field.name}, not "${text}"`);
}

/** One item of a list: `*`, `5`, `1-5`, each with an optional `/step`. Steps become ranges. */
function item(field: Field, text: string): string {
  const [base = "", step, ...rest] = text.split("/");
  if (rest.length > 0) throw new FieldError(`one step in ${field.name}, not "${text}"`);
  if (step !== undefined && !(/^[1-9]\d{0,3}$/.test(step) && Number(step) <= field.max)) {
    throw new FieldError(`a step of 1 to ${field.max} in ${field.name}, not "${step}"`);
  }
  if (base === "*") return step === undefined ? "*" : `${field.min}-${field.max}/${step}`;
  const [from = "", to, ...more] = base.split("-");
  if (more.length > 0) throw new FieldError(`a range like 1-5 in ${field.name}, not "${base}"`);
  const low = value(field, from);
  const high = to === undefined ? (step === undefined ? low : field.max) : value(field, to);
  if (high < low) throw new FieldError(`a range that runs forwards in ${field.name}, not "${base}"`);
  return high === low && step === undefined ? `${low}` : `${low}-${high}${step === undefined ? "" : `/${step}`}`;
}

const list = (field: Field, text: string): string =>
  text
    .split(",")
    .map((part) => item(field, part))
    .join(",");

/** `L` the last day of the month, `15W` the weekday nearest to the 15th. */
function monthday(text: string): string {
  if (text === "?") return "*";
  if (text === "L") return "L";
  const nearest = /^(\d{1,2})W$/.exec(text);
  if (nearest !== null) return `${value(FIELDS.monthday, nearest[1] ?? "")}W`;
  if (/[LW]/.test(text)) throw new FieldError(`L or W alone in day-of-month, as in L or 15W, not "${text}"`);
  return list(FIELDS.monthday, text);
}

/** `L` Saturday, `6L` the last Friday of the month, `3#2` the second Tuesday of the month. */
function weekday(text: string): string {
  if (text === "?") return "*";
  if (text === "L") return "7";
  const last = /^([^,#/-]+)L$/.exec(text);
  if (last !== null) return `${value(FIELDS.weekday, last[1] ?? "")}L`;
  const nth = /^([^,#/-]+)#([1-5])$/.exec(text);
  if (nth !== null) return `${value(FIELDS.weekday, nth[1] ?? "")}#${nth[2]}`;
  if (/[#L]/.test(text)) throw new FieldError(`L or # alone in day-of-week, as in 6L or 3#2, not "${text}"`);
  return list(FIELDS.weekday, text);
}

/** Cron's years end before it. */
const END = Date.UTC(FIELDS.year.max + 1, 0, 1);

function parseCron(body: string, timezone: string): Parsed {
  const fields = body.split(" ");
  if (fields.length !== 6) {
    return bad(`six fields, minutes hours day-of-month month day-of-week year, not ${fields.length}`);
  }
  const [minutes = "", hours = "", dom = "", month = "", dow = "", year = ""] = fields;
  // EventBridge Scheduler user guide: where one of the two says something, the other must be "?".
  if ((dom === "?") === (dow === "?")) return bad('"?" in exactly one of day-of-month and day-of-week');
  try {
    const translated = [
      "0",
      list(FIELDS.minutes, minutes),
      list(FIELDS.hours, hours),
      monthday(dom),
      list(FIELDS.month, month),
      weekday(dow),
      list(FIELDS.year, year),
    ];
    const times = cronTimes(translated.join(" "), timezone);
    if (times.newest(END) === undefined) return bad("a day that comes");
    return { ok: true, schedule: { kind: "cron", times } };
  } catch (cause) {
    if (cause instanceof FieldError) return bad(cause.message);
    throw cause;
  }
}

/** What a policy says of its schedule. */
interface Scheduled {
  readonly name: string;
  readonly schedule?: string;
  readonly timezone?: string;
}

export const UTC = "UTC";
/** What a right time zone looks like, for messages. */
export const ZONE_WANT = "an IANA time zone like Europe/Berlin";
/** Names as the IANA database spells them: AWS takes no others, while Node takes offsets and any case. */
const ZONE = /^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*){0,2}$/;

/** Whether there is such a time zone. */
export function isTimezone(text: string): boolean {
  if (!ZONE.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/**
 * Reads AWS's `rate(…)` or six-field `cron(…)`. Strict: what AWS would refuse or read differently is a problem. A rate counts
 * from the epoch and knows no zone.
 */
export function parseSchedule(text: string, timezone = UTC): Parsed {
  return isTimezone(timezone) ? parseIn(text, timezone) : bad(`${ZONE_WANT}, not "${timezone}"`);
}

function parseIn(text: string, timezone: string): Parsed {
  const match = /^(rate|cron)\(([^()]*)\)$/.exec(text);
  if (match === null) return bad('"rate(1 hour)" or "cron(0 3 * * ? *)"');
  const [, kind, body = ""] = match;
  return kind === "rate" ? parseRate(body) : parseCron(body, timezone);
}

/** The schedule of a policy of settings that were checked; undefined where it has none. */
export function scheduleOf({ name, schedule, timezone = UTC }: Scheduled): Schedule | undefined {
  if (schedule === undefined) return undefined;
  // Whether there is such a zone takes longer to ask than a plan's other questions of a schedule together.
  const parsed = parseIn(schedule, timezone);
  // Settings are checked before they are stored, so this is a broken caller, and guessing would skip backups.
  if (!parsed.ok) throw new Error(`policy ${name}: schedule "${schedule}"; right is ${parsed.problem}`);
  return parsed.schedule;
}

/**
 * The newest slot at or before `now`; undefined where none has come yet. A missed older slot is never made.
 * Rates count from the epoch (or `anchor`), so that every run and every region agrees on the slots. Where clocks change, a
 * time that is skipped is due right after the gap, one that comes twice is due the first time, and what is due every hour
 * goes on as if nothing was. (EventBridge Scheduler skips the first and leaves out the repeated hour: the tick sees it.)
 */
export function newestSlot(schedule: Schedule, now: number, anchor = 0): number | undefined {
  if (schedule.kind === "rate") {
    const slot = anchor + Math.floor((now - anchor) / schedule.everyMs) * schedule.everyMs;
    return slot < anchor ? undefined : slot;
  }
  const slot = schedule.times.newest(now);
  return slot === undefined || slot < 0 ? undefined : slot;
}

/** The first slot after an instant; undefined where none will come. */
export function nextSlot(schedule: Schedule, after: number): number | undefined {
  if (schedule.kind === "rate") return (Math.floor(after / schedule.everyMs) + 1) * schedule.everyMs;
  return schedule.times.next(after);
}
