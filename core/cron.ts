import { type Offset, rememberedOffsetOf } from "./zone.js";

/**
 * When a cron pattern was last due. The patterns are those that core/schedule.ts writes: seven fields as croner reads them
 * with `alternativeWeekdays` and `domAndDow`, seconds always 0. croner itself is as large as the whole planner, and a
 * planner starts cold in a Lambda function; test/core/cron.test.ts holds this against croner.
 */

const DAY_MS = 86_400_000;

interface Pattern {
  /** Newest first. */
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  /** Whether the pattern names one time of the day. */
  readonly isFixed: boolean;
  isDay(midnight: Date): boolean;
}

/** The numbers of a list like `1,5-9,20-59/10,*`. */
function numbers(field: string, min: number, max: number): number[] {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [low = "", high = low] = range === "*" ? [`${min}`, `${max}`] : range.split("-");
    for (let n = Number(low); n <= Number(high); n += Number(step)) found.add(n);
  }
  return [...found].sort((a, b) => b - a);
}

const lastDay = (midnight: Date): number =>
  new Date(Date.UTC(midnight.getUTCFullYear(), midnight.getUTCMonth() + 1, 0)).getUTCDate();

/** The weekday nearest to a day of the month, within that month; undefined where the month has no such day. */
function nearestWeekday(midnight: Date, wanted: number): number | undefined {
  const last = lastDay(midnight);
  if (wanted > last) return undefined;
  const weekday = new Date(Date.UTC(midnight.getUTCFullYear(), midnight.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  if (weekday === 6) return wanted === 1 ? wanted + 2 : wanted - 1;
  return wanted;
}

function monthdayTest(field: string): (midnight: Date) => boolean {
  if (field === "L") return (midnight) => midnight.getUTCDate() === lastDay(midnight);
  if (field.endsWith("W"))
    return (midnight) => midnight.getUTCDate() === nearestWeekday(midnight, Number(field.slice(0, -1)));
  const days = new Set(numbers(field, 1, 31));
  return (midnight) => days.has(midnight.getUTCDate());
}

/** Weekdays count from Sunday, which is 1. */
function weekdayTest(field: string): (midnight: Date) => boolean {
  const day = (midnight: Date): number => midnight.getUTCDay() + 1;
  if (field.endsWith("L")) {
    const wanted = Number(field.slice(0, -1));
    return (midnight) => day(midnight) === wanted && midnight.getUTCDate() + 7 > lastDay(midnight);
  }
  const [weekday = "", nth] = field.split("#");
  if (nth !== undefined) {
    return (midnight) => day(midnight) === Number(weekday) && Math.ceil(midnight.getUTCDate() / 7) === Number(nth);
  }
  const days = new Set(numbers(field, 1, 7));
  return (midnight) => days.has(day(midnight));
}

function read(pattern: string): Pattern {
  const [, minute = "", hour = "", monthday = "", month = "", weekday = "", year = ""] = pattern.split(" ");
  const isMonthday = monthdayTest(monthday);
  const isWeekday = weekdayTest(weekday);
  return {
    hours: numbers(hour, 0, 23),
    minutes: numbers(minute, 0, 59),
    months: new Set(numbers(month, 1, 12)),
    years: new Set(numbers(year, 1970, 2199)),
    isFixed: /^\d+$/.test(minute) && /^\d+$/.test(hour),
    isDay: (midnight) => isMonthday(midnight) && isWeekday(midnight),
  };
}

/** Answers of a function of a text, kept: there are few patterns and zones, and each plan asks for all of them. */
function kept<T>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const answer = known.get(text) ?? of(text);
    known.set(text, answer);
    return answer;
  };
}

const offsetIn = kept(rememberedOffsetOf);
const patternOf = kept(read);

/**
 * The instants at which a zone's clocks show a time, given as if it were UTC. Where clocks are put back there are two: a
 * fixed time counts the first time only. Where they are put forward there is none: a fixed time counts right after the gap.
 */
function instantsOf(local: number, offset: Offset, isFixed: boolean): number[] {
  const [before, after] = [offset(local - DAY_MS), offset(local + DAY_MS)];
  if (before === after) return [local - before];
  const found = [local - before, local - after].filter((instant) => instant + offset(instant) === local);
  if (found.length > 0) return isFixed ? [Math.min(...found)] : found;
  if (!isFixed) return [];
  let [early, late] = [local - after, local - before];
  while (late - early > 1000) {
    const middle = early + Math.floor((late - early) / 2000) * 1000;
    if (offset(middle) === before) early = middle;
    else late = middle;
  }
  const shown = late + offset(late);
  return Math.floor(shown / DAY_MS) === Math.floor(local / DAY_MS) ? [late] : [];
}

/** The newest time of one day before an instant. */
function newestOf(midnight: number, pattern: Pattern, offset: Offset, before: number): number | undefined {
  // While clocks are put back, a later time on the clock may be an earlier instant: only then all are looked at.
  const isEven = offset(midnight - DAY_MS) === offset(midnight + 2 * DAY_MS);
  let newest: number | undefined;
  for (const hour of pattern.hours) {
    for (const minute of pattern.minutes) {
      const local = midnight + hour * 3_600_000 + minute * 60_000;
      for (const instant of instantsOf(local, offset, pattern.isFixed)) {
        if (instant < before && (newest === undefined || instant > newest)) newest = instant;
      }
      if (isEven && newest !== undefined) return newest;
    }
  }
  return newest;
}

/** The newest time before an instant at which the pattern was due; undefined where there is none since 1970. */
export function previousRun(text: string, before: number, timeZone = "UTC"): number | undefined {
  const pattern = patternOf(text);
  const offset = offsetIn(timeZone);
  const today = Math.floor((before + offset(before)) / DAY_MS) * DAY_MS;
  // From the day after: where a day is left out or clocks go back over midnight, its times may have come already.
  for (let midnight = new Date(today + DAY_MS); midnight.getTime() >= 0; ) {
    const year = midnight.getUTCFullYear();
    if (!pattern.years.has(year)) {
      midnight = new Date(Date.UTC(year, 0, 0));
      continue;
    }
    if (pattern.months.has(midnight.getUTCMonth() + 1) && pattern.isDay(midnight)) {
      const newest = newestOf(midnight.getTime(), pattern, offset, before);
      if (newest !== undefined) return newest;
    }
    midnight = new Date(midnight.getTime() - DAY_MS);
  }
  return undefined;
}
