import { expect } from "chai";
import fc from "fast-check";
import { newestSlot, parseSchedule, type Schedule } from "../../../core/schedule/schedule.js";

function read(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem}`);
  return parsed.schedule;
}

function problem(text: string): string {
  const parsed = parseSchedule(text);
  if (parsed.ok) throw new Error(`${text} was read as ${JSON.stringify(parsed.schedule)}`);
  return parsed.problem;
}

/** Saturday. */
const NOW = Date.parse("2026-11-21T07:20:00.000Z");

const slotOf = (text: string, now = NOW): string | undefined => {
  const slot = newestSlot(read(text), now);
  return slot === undefined ? undefined : new Date(slot).toISOString();
};

describe("schedule", () => {
  const slots: Record<string, string | undefined> = {
    "rate(1 minute)": "2026-11-21T07:20:00.000Z",
    "rate(15 minutes)": "2026-11-21T07:15:00.000Z",
    "rate(1 hour)": "2026-11-21T07:00:00.000Z",
    "rate(1 day)": "2026-11-21T00:00:00.000Z",
    "cron(0 3 * * ? *)": "2026-11-21T03:00:00.000Z",
    "cron(20 7 * * ? *)": "2026-11-21T07:20:00.000Z",
    "cron(21 7 * * ? *)": "2026-11-20T07:21:00.000Z",
    "cron(0/15 * * * ? *)": "2026-11-21T07:15:00.000Z",
    "cron(5/15 * * * ? *)": "2026-11-21T07:20:00.000Z",
    "cron(0 3 ? * 1 *)": "2026-11-15T03:00:00.000Z", // 1 is Sunday
    "cron(0 3 ? * SAT *)": "2026-11-21T03:00:00.000Z",
    "cron(0 3 ? * 7 *)": "2026-11-21T03:00:00.000Z",
    "cron(0 3 ? * MON-FRI *)": "2026-11-20T03:00:00.000Z",
    "cron(0 3 ? * mon,wed *)": "2026-11-18T03:00:00.000Z",
    "cron(0 3 ? * L *)": "2026-11-21T03:00:00.000Z",
    "cron(0 3 ? * 6L *)": "2026-10-30T03:00:00.000Z", // the last Friday
    "cron(0 3 ? * FRIL *)": "2026-10-30T03:00:00.000Z",
    "cron(0 3 ? * 3#2 *)": "2026-11-10T03:00:00.000Z", // the second Tuesday
    "cron(0 3 L * ? *)": "2026-10-31T03:00:00.000Z",
    "cron(0 3 15W * ? *)": "2026-11-16T03:00:00.000Z", // the 15th is a Sunday
    "cron(0 3 1W * ? *)": "2026-11-02T03:00:00.000Z", // never the month before
    "cron(0 3 29 2 ? *)": "2024-02-29T03:00:00.000Z",
    "cron(0 3 1 JAN,JUL ? *)": "2026-07-01T03:00:00.000Z",
    "cron(0 3 1 1 ? 2020-2199/5)": "2025-01-01T03:00:00.000Z",
    "cron(0 3 1 1 ? 2030)": undefined,
  };
  for (const [text, slot] of Object.entries(slots)) {
    it(`${text} was last due ${slot ?? "never"}`, () => expect(slotOf(text)).to.equal(slot));
  }

  it("counts a slot from its very millisecond", () => {
    const three = Date.parse("2026-11-21T03:00:00.000Z");
    for (const text of ["cron(0 3 * * ? *)", "rate(3 hours)"]) {
      expect(slotOf(text, three), text).to.equal("2026-11-21T03:00:00.000Z");
      expect(slotOf(text, three - 1), text).to.not.equal("2026-11-21T03:00:00.000Z");
    }
  });

  it("aligns rates to the epoch, or to an anchor that must have come", () => {
    expect(newestSlot(read("rate(7 hours)"), NOW)).to.satisfy((slot: number) => slot % (7 * 3_600_000) === 0);
    expect(newestSlot(read("rate(1 hour)"), NOW, NOW - 90 * 60_000)).to.equal(NOW - 30 * 60_000);
    expect(newestSlot(read("rate(1 hour)"), NOW, NOW + 1)).to.equal(undefined);
  });

  const wrong: Record<string, string> = {
    "": "cron(0 3",
    "every hour": "cron(0 3",
    "rate(1 hours)": "rate(1 hour)",
    "rate(2 hour)": "rate(2 hours)",
    "rate(0 hours)": "whole number",
    "rate(1.5 hours)": "whole number",
    "rate(-1 hours)": "whole number",
    "rate(1 week)": "minute",
    " rate(1 hour)": "rate(1 hour)",
    "cron(0 3 * * *)": "six fields",
    "cron(0 3 * * ? * *)": "six fields",
    "cron(0  3 * * ? *)": "six fields",
    "cron(0 3 * * * *)": '"?"',
    "cron(0 3 ? * ? *)": '"?"',
    "cron(60 3 * * ? *)": "0 to 59 in minutes",
    "cron(0 24 * * ? *)": "0 to 23 in hours",
    "cron(0 3 0 * ? *)": "1 to 31 in day-of-month",
    "cron(0 3 ? * 0 *)": "1 to 7 or SUN to SAT in day-of-week",
    "cron(0 3 ? * 8 *)": "1 to 7",
    "cron(0 3 ? * FUN *)": "SUN to SAT",
    "cron(0 3 * FOO ? *)": "JAN to DEC in month",
    "cron(0 3 * * ? 1969)": "1970 to 2199 in year",
    "cron(0/0 3 * * ? *)": "step",
    "cron(1/2/3 3 * * ? *)": "one step",
    "cron(30-10 3 * * ? *)": "forwards",
    "cron(1-2-3 3 * * ? *)": "range",
    "cron(, 3 * * ? *)": "0 to 59",
    "cron(1.5 3 * * ? *)": "0 to 59",
    "cron(0 3 LW * ? *)": "L or W alone",
    "cron(0 3 1,15W * ? *)": "L or W alone",
    "cron(0 3 32W * ? *)": "1 to 31",
    "cron(0 3 ? * 3#6 *)": "L or # alone",
    "cron(0 3 ? * MON,3#1 *)": "L or # alone",
    "cron(0 3 30 2 ? *)": "a day that comes",
  };
  for (const [text, want] of Object.entries(wrong)) {
    it(`refuses "${text}"`, () => expect(problem(text)).to.contain(want));
  }

  it("gives the newest slot: due at it, none between it and now, stable until the next", () => {
    const texts = ["rate(7 minutes)", "cron(*/10 * * * ? *)", "cron(0 3,15 ? * 2-6 *)", "cron(30 1 L * ? *)"];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.integer({ min: 0, max: 4_000_000_000_000 }), (text, now) => {
        const schedule = read(text);
        const slot = newestSlot(schedule, now);
        if (slot === undefined) return now < 40 * 86_400_000;
        const again = newestSlot(schedule, slot);
        const before = newestSlot(schedule, slot - 1);
        return slot <= now && again === slot && (before === undefined || before < slot);
      }),
    );
  });

  it("never throws on text", () => {
    const field = fc.stringMatching(/^[0-9A-Z*?,/#LW-]{0,6}$/);
    const cron = fc.array(field, { minLength: 6, maxLength: 6 }).map((fields) => `cron(${fields.join(" ")})`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), cron), (text) => {
        const parsed = parseSchedule(text);
        if (parsed.ok) newestSlot(parsed.schedule, NOW);
        return true;
      }),
    );
  });
});
