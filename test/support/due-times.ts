/**
 * When a schedule of AWS's six fields is due, from the promise in docs/configuration.md itself: every minute of every date is
 * held against the fields, and then looked up on the clocks of the zone. Slow and plain, on purpose without anything of core/,
 * croner or Temporal: it judges them.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time during which a zone's clocks were ahead of UTC by the same. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

function offsetOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (instant) => {
    const shown = format.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = "0", minutes = "0"] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(shown) ?? [];
    return (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === "-" ? -1 : 1);
  };
}

/** The spans of a zone from one instant to another, and a little more. No zone changes its clocks twice within six hours. */
function spansOf(timeZone: string, from: number, to: number): Span[] {
  const offset = offsetOf(timeZone);
  const spans: Span[] = [];
  const first = Math.floor(from / (6 * HOUR)) * 6 * HOUR;
  let [begin, shown] = [first, offset(first)];
  for (let at = first; at < to; at += 6 * HOUR) {
    if (offset(at + 6 * HOUR) === shown) continue;
    let change = at;
    while (offset(change) === shown) change += MINUTE;
    spans.push({ from: begin, to: change, offset: shown });
    [begin, shown] = [change, offset(change)];
  }
  return [...spans, { from: begin, to: to + 6 * HOUR, offset: shown }];
}

/** The instants at which clocks are changed in a zone, from one instant to another. */
export const changesOf = (timeZone: string, from: number, to: number): number[] =>
  spansOf(timeZone, from, to)
    .slice(1)
    .map((span) => span.from)
    .filter((change) => change >= from && change < to);

const WORDS = [
  ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
];

function numberOf(text: string): number {
  const words = WORDS.find((list) => list.includes(text.toUpperCase()));
  return words === undefined ? Number(text) : words.indexOf(text.toUpperCase()) + 1;
}

/** All numbers of a field of `*`, numbers, ranges, steps and lists of them. */
function numbersOf(field: string, min: number, max: number): Set<number> {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [base = "", step] = part.split("/");
    const [low = "", high] = base === "*" ? [`${min}`, `${max}`] : base.split("-");
    const last = high === undefined ? (step === undefined ? numberOf(low) : max) : numberOf(high);
    for (let n = numberOf(low); n <= last; n += Number(step ?? 1)) found.add(n);
  }
  return found;
}

const lastOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 1 is Sunday. */
const weekdayOf = (date: number): number => new Date(date).getUTCDay() + 1;

/** Whether a date, its midnight given as if it were UTC, fits day-of-month. */
function fitsMonthday(field: string, date: number, [year, month, day]: readonly [number, number, number]): boolean {
  if (field === "?") return true;
  if (field === "L") return day === lastOf(year, month);
  if (!field.endsWith("W")) return numbersOf(field, 1, 31).has(day);
  const wanted = Number(field.slice(0, -1));
  if (wanted > lastOf(year, month) || [1, 7].includes(weekdayOf(date))) return false;
  // The weekday of this month that is nearest: at most two days off, and then only at the month's ends.
  const monthdays = Array.from({ length: lastOf(year, month) }, (_, i) => i + 1);
  const workdays = monthdays.filter((n) => ![1, 7].includes(weekdayOf(Date.UTC(year, month - 1, n))));
  const nearest = workdays.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
  return day === nearest;
}

function fitsWeekday(field: string, date: number, [year, month, day]: readonly [number, number, number]): boolean {
  if (field === "?") return true;
  const weekday = weekdayOf(date);
  if (field === "L") return weekday === 7;
  if (field.endsWith("L")) return weekday === numberOf(field.slice(0, -1)) && day + 7 > lastOf(year, month);
  const [wanted = "", nth] = field.split("#");
  if (nth !== undefined) return weekday === numberOf(wanted) && Math.ceil(day / 7) === Number(nth);
  return numbersOf(field, 1, 7).has(weekday);
}

/** All times at which `cron(…)` is due in a zone, from one instant up to another, in order. */
export function dueTimes(expression: string, timeZone: string, from: number, to: number): number[] {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(" ") ?? [];
  const [minuteField = "", hourField = "", monthday = "", month = "", weekday = "", year = ""] = fields;
  const [minutes, hours] = [numbersOf(minuteField, 0, 59), numbersOf(hourField, 0, 23)];
  const [months, years] = [numbersOf(month, 1, 12), numbersOf(year, 1970, 2199)];
  const spans = spansOf(timeZone, from - 3 * DAY, to + 3 * DAY);
  const due = new Set<number>();
  for (let date = Math.floor(from / DAY) * DAY - 2 * DAY; date < to + 2 * DAY; date += DAY) {
    const at = new Date(date);
    const day = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()] as const;
    if (!years.has(day[0]) || !months.has(day[1])) continue;
    if (!fitsMonthday(monthday, date, day) || !fitsWeekday(weekday, date, day)) continue;
    const near = spans.filter((span) => span.from < date + 3 * DAY && span.to > date - 3 * DAY);
    for (const hour of hours)
      for (const minute of minutes) {
        const shown = instantsOf(date + hour * HOUR + minute * MINUTE, near);
        if (hours.size === 24) for (const instant of shown.instants) due.add(instant);
        else due.add(Math.min(...shown.instants, ...shown.gapEnds));
      }
  }
  return [...due].filter((instant) => instant >= from && instant < to).toSorted((a, b) => a - b);
}

/** When clocks show a time, given as if it were UTC, and the ends of the gaps that it falls in. */
function instantsOf(shown: number, spans: readonly Span[]): { instants: number[]; gapEnds: number[] } {
  const instants = spans.flatMap(({ from, to, offset }) => {
    const instant = shown - offset;
    return instant >= from && instant < to ? [instant] : [];
  });
  const gapEnds = spans.slice(1).flatMap((span, i) => {
    const before = span.from + (spans[i]?.offset ?? 0);
    return before <= shown && shown < span.from + span.offset ? [span.from] : [];
  });
  return { instants, gapEnds };
}
