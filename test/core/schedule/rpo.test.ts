import { expect } from "chai";
import fc from "fast-check";
import { dueAfter, overdueAt, type Place } from "../../../core/schedule/rpo.js";
import { nextSlot } from "../../../core/schedule/schedule.js";
import { runs } from "../../support/chance.js";
import { dueTimes } from "../../support/due-times.js";
import { read } from "../../support/schedules.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const says = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);

/** When the point after one that began at a time is due, and overdue. */
function dueFrom(text: string, start: string, place: Place = "home"): (string | undefined)[] {
  const due = dueAfter(read(text), Date.parse(start), place);
  return [says(due?.slot), says(due?.deadline)];
}

describe("the next point of a resource", () => {
  it("is overdue when the slot after it has come, and a copy an hour later", () => {
    expect(dueFrom("rate(1 hour)", "2026-12-04T10:00:05Z")).to.deep.equal(["2026-12-04T11:00", "2026-12-04T12:00"]);
    expect(dueFrom("rate(1 hour)", "2026-12-04T10:00:05Z", "copy")[1]).to.equal("2026-12-04T13:00");
    expect(dueFrom("cron(0 3 * * ? *)", "2026-12-04T03:00:05Z")).to.deep.equal([
      "2026-12-05T03:00",
      "2026-12-06T03:00",
    ]);
  });

  it("has half an hour at least: two looks of a region at rest", () => {
    expect(dueFrom("rate(5 minutes)", "2026-12-04T10:00:05Z")).to.deep.equal(["2026-12-04T10:05", "2026-12-04T10:35"]);
  });

  it("has a day at most, however rare points are", () => {
    expect(dueFrom("cron(0 3 1 * ? *)", "2026-12-01T03:00:05Z")).to.deep.equal([
      "2027-01-01T03:00",
      "2027-01-02T03:00",
    ]);
    expect(dueFrom("cron(0 3 1 1 ? 2031)", "2026-12-01T03:00Z")).to.deep.equal([
      "2031-01-01T03:00",
      "2031-01-02T03:00",
    ]);
    expect(dueFrom("cron(0 3 1 1 ? 2031)", "2031-01-01T03:00:05Z")).to.deep.equal([undefined, undefined]);
  });

  it("is not due in a pause of its schedule, and overdue soon after a slot that was missed", () => {
    const office = "cron(0/15 8-18 ? * MON-FRI *)";
    expect(dueFrom(office, "2026-12-04T18:45:05Z"), "the weekend").to.deep.equal([
      "2026-12-07T08:00",
      "2026-12-07T08:30",
    ]);
    expect(dueFrom(office, "2026-12-07T12:00:05Z"), "at noon").to.deep.equal(["2026-12-07T12:15", "2026-12-07T12:45"]);
    expect(dueFrom("cron(0/5 9-17 ? * MON-FRI *)", "2026-12-03T17:55:05Z"), "an evening").to.deep.equal([
      "2026-12-04T09:00",
      "2026-12-04T09:30",
    ]);
    const friday = dueFrom(office, "2026-12-04T18:30:05Z");
    expect(friday, "the last of a week").to.deep.equal(["2026-12-04T18:45", "2026-12-05T18:45"]);
  });

  it("is never overdue while every slot is met in half an hour, and always a day after one was not", () => {
    const schedules = [
      "cron(0/15 8-18 ? * MON-FRI *)",
      "cron(0/30 8-18 ? * MON-FRI *)",
      "cron(0/5 9-17 ? * MON-FRI *)",
      "cron(0 9-17 ? * MON-FRI *)",
      "cron(30 2,14 1-10 JAN,JUL ? *)",
      "cron(0 3 L * ? *)",
    ];
    const from = Date.UTC(2026, 0, 1);
    const slots = new Map(schedules.map((text) => [text, dueTimes(text, "UTC", from, from + 366 * DAY)]));
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 30 * MINUTE }),
        (text, where, late) => {
          const due = slots.get(text) ?? [];
          const slot = due[Math.floor(where * (due.length - 2))] ?? 0;
          const schedule = read(text);
          const next = nextSlot(schedule, slot) ?? 0;
          expect(overdueAt(schedule, next + late, "home")(slot + 5000), "met so far").to.equal(0);
          expect(overdueAt(schedule, next + DAY + 1, "home")(slot + 5000), "missed").to.be.greaterThan(0);
          expect(overdueAt(schedule, next + DAY, "copy")(slot + 5000), "a copy, an hour more").to.be.at.most(
            DAY - HOUR,
          );
        },
      ),
      { numRuns: runs(200) },
    );
  });

  it("is measured from its deadline", () => {
    const overdue = overdueAt(read("rate(1 hour)"), Date.parse("2026-12-04T15:10Z"), "home");
    const of = (start: string) => overdue(Date.parse(start)) / MINUTE;
    expect(of("2026-12-04T15:00:05Z")).to.equal(0);
    expect(of("2026-12-04T14:00:05Z")).to.equal(0);
    expect(of("2026-12-04T13:00:05Z")).to.equal(10);
    expect(of("2026-12-04T10:00:05Z")).to.equal(190);
  });
});
