import { expect } from "chai";
import { Cron } from "croner";
import fc from "fast-check";
import { previousRun } from "../../core/cron.js";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "America/Havana",
];

const list = (min: number, max: number) => {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const item = fc.oneof(
    number.map(String),
    range,
    fc.tuple(range, fc.integer({ min: 1, max: 7 })).map((p) => p.join("/")),
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
const day = fc.integer({ min: 1, max: 7 });
const weekday = fc.oneof(
  list(1, 7),
  day.map((n) => `${n}L`),
  fc.tuple(day, fc.integer({ min: 1, max: 5 })).map(([n, nth]) => `${n}#${nth}`),
);
/** As EventBridge has it, one of the two says nothing. */
const days = fc.oneof(fc.tuple(monthday, fc.constant("*")), fc.tuple(fc.constant("*"), weekday));
const year = fc.oneof({ weight: 4, arbitrary: fc.constant("*") }, { weight: 1, arbitrary: list(1995, 2045) });
const pattern = fc
  .tuple(list(0, 59), list(0, 23), days, list(1, 12), year)
  .map(([minute, hour, [dom, dow], month, y]) => `0 ${minute} ${hour} ${dom} ${month} ${dow} ${y}`);

/** What croner says. */
const oracle = (text: string, timezone: string) => {
  const cron = new Cron(text, { mode: "7-part", timezone, alternativeWeekdays: true, domAndDow: true, paused: true });
  return (before: number): number | undefined => cron.previousRuns(1, new Date(before))[0]?.getTime();
};

const when = (instant: number | undefined) => (instant === undefined ? "never" : new Date(instant).toISOString());

describe("cron: when a pattern was last due", () => {
  it("is what croner says, in UTC", () => {
    const seconds = fc.integer({ min: 946_684_800, max: 2_200_000_000 });
    fc.assert(
      fc.property(pattern, seconds, (text, second) => {
        const mine = previousRun(text, second * 1000);
        // croner looks on before 1970, where no schedule of ours begins.
        const theirs = oracle(text, "UTC")(second * 1000);
        expect(when(mine), text).to.equal(when(theirs !== undefined && theirs >= 0 ? theirs : undefined));
      }),
      { numRuns: 300 },
    );
  });

  it("is what croner says around each change of clocks", () => {
    for (const zone of ZONES) {
      const times = changesOf(zone).flatMap((change) =>
        Array.from({ length: 14 }, (_, i) => change + (i - 3) * 1_500_000),
      );
      for (const minute of ["30", "0,45"]) {
        for (const hour of ["0", "1", "2", "*"]) {
          const text = `0 ${minute} ${hour} * * * *`;
          const theirs = oracle(text, zone);
          for (const before of times) {
            expect(when(previousRun(text, before, zone)), `${zone} ${text} before ${when(before)}`).to.equal(
              when(theirs(before)),
            );
          }
        }
      }
    }
  }).timeout(60_000);
});

/** When the clocks of a zone change in 2026, to the hour. */
function changesOf(timeZone: string): number[] {
  const offset = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const shown = (instant: number) => offset.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value;
  const hours = Array.from({ length: 365 * 24 }, (_, hour) => Date.UTC(2026, 0, 1, hour));
  return hours.filter((instant) => shown(instant) !== shown(instant - 3_600_000));
}
