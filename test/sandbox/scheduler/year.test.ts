import { expect } from "chai";
import { Cron } from "croner";
import fc from "fast-check";
import { parseExpression } from "../../../sandbox/scheduler/expression.js";
import { runs } from "../../support/chance.js";

const YEAR = 2026;
const START = Date.UTC(YEAR, 0, 1);
const END = Date.UTC(YEAR + 1, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ZONES = ["America/New_York", "Europe/Berlin"] as const;
type Zone = (typeof ZONES)[number];

/** The hours, UTC, in which the zone's clocks show again what they showed before. */
const REPEATED: Readonly<Record<Zone, number>> = {
  "America/New_York": Date.UTC(YEAR, 10, 1, 6),
  "Europe/Berlin": Date.UTC(YEAR, 9, 25, 1),
};
/** What clocks show the moment after they were put forward: croner moves there what did not exist. */
const FORWARD: Readonly<Record<Zone, number>> = {
  "America/New_York": Date.UTC(YEAR, 2, 8, 7),
  "Europe/Berlin": Date.UTC(YEAR, 2, 29, 1),
};

/** All times of a year, or of a part of it, as the plane asks for them. */
function timesOf(expression: string, zone: Zone, from = START, to = END): number[] {
  const { next } = parseExpression(expression, zone);
  const found: number[] = [];
  for (let time = next(from - 1, START); time !== undefined && time < to; time = next(time, START)) found.push(time);
  return found;
}

/** The same from croner alone, with a pattern in its own language. */
function cronerOf(pattern: string, zone: Zone): number[] {
  const job = new Cron(pattern, { timezone: zone, paused: true });
  const found: number[] = [];
  for (let time = job.nextRun(new Date(START - 1)); time && time.getTime() < END; time = job.nextRun(time)) {
    found.push(time.getTime());
  }
  return found;
}

const isIn = (hour: number, time: number) => time >= hour && time < hour + HOUR;
const iso = (found: readonly number[]) => found.map((time) => new Date(time).toISOString().slice(0, 16));

/** Minutes since local midnight, by the one thing here that does not come from a cron library. */
const formats = new Map<Zone, Intl.DateTimeFormat>();
function minuteOfDay(time: number, zone: Zone): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  formats.set(zone, format);
  const [hour = 0, minute = 0] = format.format(time).split(":").map(Number);
  return hour * 60 + minute;
}

describe("a year of Scheduler", function () {
  this.timeout(300_000);

  /** In AWS's language and in croner's. */
  const pairs: [aws: string, croner: string][] = [
    ["cron(0 3 * * ? *)", "0 3 * * *"],
    ["cron(30 2 * * ? *)", "30 2 * * *"],
    ["cron(30 1 * * ? *)", "30 1 * * *"],
    ["cron(0 0 1 * ? *)", "0 0 1 * *"],
    ["cron(15 6 L * ? *)", "15 6 L * *"],
    ["cron(0 8 ? * MON-FRI *)", "0 8 * * 1-5"],
    ["cron(0 8 ? * 2-6 *)", "0 8 * * 1-5"],
    ["cron(45 23 ? * 1 *)", "45 23 * * 0"],
    ["cron(0 4 ? * SUN#1 *)", "0 4 * * 0#1"],
    ["cron(0 4 ? 1/3 6L *)", "0 4 * 1-12/3 5#L"],
    ["cron(0/15 1-3 * * ? *)", "*/15 1-3 * * *"],
    ["cron(0 * * * ? *)", "0 * * * *"],
    ["cron(30 1-3 * * ? *)", "30 1-3 * * *"],
    ["cron(5/20 0/6 * * ? *)", "5-59/20 0-23/6 * * *"],
  ];
  for (const zone of ZONES) {
    for (const [aws, croner] of pairs) {
      it(`${aws} in ${zone} is croner's but for the nights when clocks change`, () => {
        const wanted = cronerOf(croner, zone);
        const found = timesOf(aws, zone);
        expect(found).to.have.length.above(3);
        const elsewhere = (time: number) => !isIn(REPEATED[zone], time) && !isIn(FORWARD[zone], time);
        expect(iso(found.filter(elsewhere))).to.deep.equal(iso(wanted.filter(elsewhere)));
        expect(iso(found.filter((time) => isIn(REPEATED[zone], time))), "nothing repeats").to.deep.equal([]);
        expect(wanted, "and nothing is made up").to.include.members(found);
      });
    }
  }

  const nights: [zone: Zone, expression: string, from: number, expected: string[]][] = [
    // 2:00 becomes 3:00.
    ["America/New_York", "cron(30 2 * * ? *)", FORWARD["America/New_York"], []],
    ["America/New_York", "cron(0 3 * * ? *)", FORWARD["America/New_York"], ["2026-03-08T07:00"]],
    ["Europe/Berlin", "cron(30 2 * * ? *)", FORWARD["Europe/Berlin"], []],
    ["Europe/Berlin", "cron(0/30 2-3 * * ? *)", FORWARD["Europe/Berlin"], ["2026-03-29T01:00", "2026-03-29T01:30"]],
    // 2:00 becomes 1:00 in New York; 3:00 becomes 2:00 in Berlin: the first of the two hours counts.
    ["America/New_York", "cron(30 1 * * ? *)", REPEATED["America/New_York"] - HOUR, ["2026-11-01T05:30"]],
    [
      "America/New_York",
      "cron(0 1,2 * * ? *)",
      REPEATED["America/New_York"] - HOUR,
      ["2026-11-01T05:00", "2026-11-01T07:00"],
    ],
    [
      "Europe/Berlin",
      "cron(0/30 2 * * ? *)",
      REPEATED["Europe/Berlin"] - HOUR,
      ["2026-10-25T00:00", "2026-10-25T00:30"],
    ],
    ["Europe/Berlin", "cron(0 * * * ? *)", REPEATED["Europe/Berlin"] - HOUR, ["2026-10-25T00:00", "2026-10-25T02:00"]],
  ];
  for (const [zone, expression, from, expected] of nights) {
    it(`${expression} in the night of ${iso([from])[0]?.slice(0, 10)} in ${zone}`, () => {
      const found = timesOf(expression, zone, from, from + 2 * HOUR + 1);
      expect(iso(found)).to.deep.equal(expected);
    });
  }

  it("of any minutes and hours is what clocks show, each once, and nothing else", () => {
    const numbers = (max: number) => fc.uniqueArray(fc.nat(max), { minLength: 1, maxLength: 2 });
    const property = fc.property(numbers(59), numbers(23), fc.constantFrom(...ZONES), (minutes, hours, zone) => {
      const found = timesOf(`cron(${minutes.join(",")} ${hours.join(",")} * * ? *)`, zone);
      const wanted = new Set(hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)));
      for (const time of found) expect(wanted.has(minuteOfDay(time, zone)), iso([time]).join()).to.equal(true);
      // Local days that begin in this year but for the first and last, whose times may lie in another by UTC.
      const spring = [...wanted].filter((minute) => isSkipped(minute, zone)).length;
      const inner = found.filter((time) => time >= START + 24 * HOUR && time < END - 24 * HOUR);
      const edges = found.length - inner.length;
      expect(found).to.deep.equal(found.toSorted((a, b) => a - b));
      expect(inner.length + spring).to.be.within(362 * wanted.size, 364 * wanted.size);
      expect(edges).to.be.at.most(3 * wanted.size);
      expect(new Set(found).size).to.equal(found.length);
    });
    fc.assert(property, { numRuns: runs(20) });
  });

  it("of rates is even, whatever clocks show", () => {
    for (const [text, interval] of [
      ["1 minute", MINUTE],
      ["15 minutes", 15 * MINUTE],
      ["7 hours", 7 * HOUR],
      ["3 days", 72 * HOUR],
    ] as const) {
      for (const zone of ZONES) {
        const { next } = parseExpression(`rate(${text})`, zone);
        const start = START + 12_345;
        const count = Math.floor((END - start) / interval) + 1;
        // Asked in the middle of each interval, and at its ends.
        for (const n of [0, 1, Math.floor(count / 5), Math.floor(count / 2), Math.floor((4 * count) / 5), count - 1]) {
          const due = start + n * interval;
          expect(next(due - 1, start), `${text} #${n}`).to.equal(due);
          expect(next(due, start), `${text} after #${n}`).to.equal(due + interval);
          expect(next(due + interval / 2, start), `${text} between`).to.equal(due + interval);
        }
      }
    }
  });
});

/** Whether the zone's clocks leave this minute of the day out when they are put forward. */
const isSkipped = (minute: number, zone: Zone): boolean => {
  const hour = minuteOfDay(FORWARD[zone] - HOUR, zone) + 60;
  return minute >= hour && minute < hour + 60;
};
