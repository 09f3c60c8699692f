import { expect } from "chai";
import { BadExpression, parseExpression } from "../../../sandbox/scheduler/expression.js";

const at = (text: string) => Date.parse(text);
const times = (expression: string, zone: string, after: string, count: number) => {
  const recurrence = parseExpression(expression, zone);
  const found: string[] = [];
  for (let time = recurrence.next(at(after), at(after)); time !== undefined && found.length < count; ) {
    found.push(new Date(time).toISOString().slice(0, 16));
    time = recurrence.next(time, at(after));
  }
  return found;
};

describe("Scheduler's expressions", () => {
  it("count rates from their start", () => {
    const { next } = parseExpression("rate(15 minutes)", "UTC");
    const start = at("2026-01-01T00:07:00Z");
    expect(next(start - 1, start)).to.equal(start);
    expect(next(start, start)).to.equal(start + 900_000);
    expect(next(start + 900_001, start)).to.equal(start + 1_800_000);
  });

  const crons: [string, string, string, string[]][] = [
    ["cron(0 3 * * ? *)", "UTC", "2026-01-31T03:00:00Z", ["2026-02-01T03:00", "2026-02-02T03:00"]],
    ["cron(15 10 ? * 6L 2026-2027)", "UTC", "2026-01-01T00:00:00Z", ["2026-01-30T10:15", "2026-02-27T10:15"]],
    ["cron(0 8 ? * 2-6 *)", "UTC", "2026-01-02T09:00:00Z", ["2026-01-05T08:00", "2026-01-06T08:00"]],
    ["cron(0 8 ? * MON#1 *)", "UTC", "2026-01-02T09:00:00Z", ["2026-01-05T08:00", "2026-02-02T08:00"]],
    ["cron(0 0 L * ? *)", "UTC", "2026-02-01T00:00:00Z", ["2026-02-28T00:00", "2026-03-31T00:00"]],
    ["cron(0 0 1W * ? *)", "UTC", "2026-01-31T00:00:00Z", ["2026-02-02T00:00", "2026-03-02T00:00"]],
    [
      "cron(5/20 1 * * ? *)",
      "UTC",
      "2026-01-01T00:00:00Z",
      ["2026-01-01T01:05", "2026-01-01T01:25", "2026-01-01T01:45"],
    ],
    ["cron(0 12 * * ? 2026)", "UTC", "2026-12-30T13:00:00Z", ["2026-12-31T12:00"]],
    ["cron(0 9 * * ? *)", "America/New_York", "2026-03-07T00:00:00Z", ["2026-03-07T14:00", "2026-03-08T13:00"]],
  ];
  for (const [expression, zone, after, expected] of crons) {
    it(`${expression} in ${zone}`, () =>
      expect(times(expression, zone, after, expected.length + 0)).to.deep.equal(expected));
  }

  it("skip a local time that does not exist and do not repeat one that comes twice", () => {
    // Clocks in New York go from 2:00 to 3:00 on 8 March and from 2:00 to 1:00 on 1 November 2026.
    expect(times("cron(30 2 * * ? *)", "America/New_York", "2026-03-07T12:00:00Z", 1)).to.deep.equal([
      "2026-03-09T06:30",
    ]);
    expect(times("cron(30 1 * * ? *)", "America/New_York", "2026-10-31T12:00:00Z", 2)).to.deep.equal([
      "2026-11-01T05:30",
      "2026-11-02T06:30",
    ]);
  });

  it("are due once with at()", () => {
    expect(times("at(2026-07-01T12:00:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", 2)).to.deep.equal([
      "2026-07-01T10:00",
    ]);
  });

  const wrong: [string, string, RegExp][] = [
    ["every day", "UTC", /none of rate/],
    ["rate(0 minutes)", "UTC", /positive number/],
    ["rate(5 seconds)", "UTC", /minutes, hours or days/],
    ["cron(0 3 * * *)", "UTC", /six fields/],
    ["cron(0 3 * * * *)", "UTC", /\? in exactly one/],
    ["cron(0 3 ? * ? *)", "UTC", /\? in exactly one/],
    ["cron(60 3 * * ? *)", "UTC", /60 is not allowed in the field minutes/],
    ["cron(0 3 ? * 0 *)", "UTC", /0 is not allowed in the field day-of-week/],
    ["cron(0 3 ? * MOO *)", "UTC", /MOO is not allowed/],
    ["cron(0 3 LW * ? *)", "UTC", /LW is not allowed/],
    ["cron(0 3 * * ? 1969)", "UTC", /1969 is not allowed/],
    ["at(2026-02-30T00:00:00)", "UTC", /not a time/],
    ["at(2026-02-01)", "UTC", /must be at/],
    ["rate(1 hour)", "Mars/Base", /not a time zone/],
    ["rate(1 hour)", "+02:00", /not a time zone/],
  ];
  for (const [expression, zone, message] of wrong) {
    it(`refuse ${expression} in ${zone}`, () => {
      expect(() => parseExpression(expression, zone)).to.throw(BadExpression, message);
    });
  }
});
