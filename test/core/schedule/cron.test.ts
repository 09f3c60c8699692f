import { expect } from "chai";
import fc from "fast-check";
import { newestSlot, nextSlot } from "../../../core/schedule/schedule.js";
import { runs } from "../../support/chance.js";
import { dueTimes } from "../../support/due-times.js";
import { judge, judgeChanges, read, SCHEDULES, ZONES } from "../../support/schedules.js";

const YEAR = 365 * 86_400_000;

const list = (min: number, max: number) => {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const item = fc.oneof(
    number.map(String),
    range,
    fc
      .tuple(fc.oneof(range, number.map(String), fc.constant("*")), fc.integer({ min: 1, max: 7 }))
      .map((p) => p.join("/")),
  );
  return fc.oneof(
    fc.constant("*"),
    item,
    fc.array(item, { minLength: 2, maxLength: 3 }).map((items) => items.join(",")),
  );
};

const monthday = fc.oneof(
  list(1, 31),
  fc.constant("L"),
  fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
);
const day = fc.constantFrom("1", "2", "3", "4", "5", "6", "7", "SUN", "MON", "SAT");
const weekday = fc.oneof(
  list(1, 7),
  fc.constant("L"),
  day.map((n) => `${n}L`),
  fc.tuple(day, fc.integer({ min: 1, max: 5 })).map(([n, nth]) => `${n}#${nth}`),
);
const days = fc.oneof(fc.tuple(monthday, fc.constant("?")), fc.tuple(fc.constant("?"), weekday));
const year = fc.oneof({ weight: 4, arbitrary: fc.constant("*") }, { weight: 1, arbitrary: list(1995, 2045) });
const schedule = fc
  .tuple(fc.nat(59), list(0, 23), days, list(1, 12), year)
  .map(([minute, hour, [dom, dow], month, y]) => `cron(${minute} ${hour} ${dom} ${month} ${dow} ${y})`);

/** The docs' promise is judged by an oracle of its own (test/support/due-times.ts); ten years of it are in test/long. */
describe("cron: when a schedule is due", () => {
  it("is what AWS's six fields say", () => {
    const seconds = fc.integer({ min: 946_684_800, max: 2_200_000_000 });
    fc.assert(
      fc.property(schedule, seconds, (text, second) => {
        const at = second * 1000;
        const due = dueTimes(text, "UTC", at - YEAR, at + YEAR);
        fc.pre(due.length > 0);
        const [newest, next] = [due.findLast((time) => time <= at), due.find((time) => time > at)];
        if (newest !== undefined) expect(newestSlot(read(text), at), text).to.equal(newest);
        if (next !== undefined) expect(nextSlot(read(text), at), text).to.equal(next);
      }),
      { numRuns: runs(20) },
    );
  });

  for (const zone of ZONES) {
    it(`is right around the changes of a year in ${zone}`, () => {
      for (const text of SCHEDULES) judgeChanges(text, zone, Date.UTC(2022, 2, 15), Date.UTC(2023, 3, 30));
    }).timeout(60_000);
  }

  it("loses nothing to a gap that ends at midnight, which croner's own rule does", () => {
    for (const text of SCHEDULES) judge(text, "America/Nuuk", Date.UTC(2024, 2, 29), Date.UTC(2024, 3, 2));
  });

  it("is due after a day that a zone leaves out, once", () => {
    for (const text of SCHEDULES) judge(text, "Pacific/Apia", Date.UTC(2011, 11, 28), Date.UTC(2012, 0, 2));
  });

  it("loses nothing of a list to a gap, and makes one point of what falls in it", () => {
    const night = (text: string) => {
      const schedule = read(text, "Europe/Berlin");
      const slots: string[] = [];
      let slot = nextSlot(schedule, Date.UTC(2027, 2, 27, 12));
      for (; slot !== undefined && slot < Date.UTC(2027, 2, 29, 1); slot = nextSlot(schedule, slot)) {
        slots.push(new Date(slot).toISOString().slice(8, 16));
      }
      return slots;
    };
    expect(night("cron(30 2 * * ? *)")).to.deep.equal(["28T01:00", "29T00:30"]);
    expect(night("cron(30 2,14 * * ? *)")).to.deep.equal(["27T13:30", "28T01:00", "28T12:30", "29T00:30"]);
    expect(night("cron(0,30 2 * * ? *)")).to.deep.equal(["28T01:00", "29T00:00", "29T00:30"]);
    expect(night("cron(0/20 2-3 * * ? *)").slice(0, 4)).to.deep.equal(["28T01:00", "28T01:20", "28T01:40", "29T00:00"]);
  });
});
