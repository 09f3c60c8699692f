import { expect } from "chai";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { Retain } from "../../../core/model/model.js";
import { TIER_NAMES, type Tier } from "../../../core/schedule/calendar.js";
import { runs } from "../../support/chance.js";
import { DAY, HOUR } from "../worlds.js";
import { judged, type Named } from "./judged.js";

const at = (text: string, zone = "UTC"): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;

const points = (starts: readonly number[]): Named[] =>
  starts.toSorted((a, b) => b - a).map((start, i) => ({ id: `p${i}`, start, complete: true }));

const said = (list: readonly Named[], retain: Retain, timezone?: string) =>
  list.map(({ id }) => {
    const verdict = judged(list, { retain, timezone }).get(id);
    const keep = (verdict?.keep ?? []).filter((why) => why !== "newest completed");
    return keep.length > 0 ? keep.join(", ") : `gone: ${verdict?.gone}`;
  });

/** The span's name as a person would write it, by another library than core/ has. */
function nameOf(tier: Tier, instant: number, zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const names: Readonly<Record<Tier, () => string>> = {
    hourly: () => `${time.toPlainDate().toString()}T${time.hour}${time.offset}`,
    daily: () => time.toPlainDate().toString(),
    weekly: () => `${time.yearOfWeek}-W${time.weekOfYear}`,
    monthly: () => `${time.year}-${time.month}`,
    yearly: () => `${time.year}`,
  };
  return names[tier]();
}

/** Which points a tier keeps: the last one under each name, of the last `most` names. Slow, and plain on purpose. */
function oracle(list: readonly Named[], tier: Tier, most: number, zone: string): string[] {
  const last = new Map<string, Named>();
  for (const point of list.filter(({ complete }) => complete).toSorted((a, b) => a.start - b.start)) {
    last.set(nameOf(tier, point.start, zone), point);
  }
  return [...last.values()]
    .toSorted((a, b) => b.start - a.start)
    .slice(0, most)
    .map(({ id }) => id);
}

/** Half hours of difference, midnights that do not come, a day left out, and plain ones. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "America/Santiago",
  "Pacific/Apia",
  "Africa/Casablanca",
];
/** Around what each zone does with its clocks; Apia left the 30th of December 2011 out. */
const CHANGES = [
  "2026-03-29T01:00",
  "2026-10-25T01:00",
  "2026-03-08T07:00",
  "2026-11-01T06:00",
  "2026-04-04T15:00",
  "2026-10-03T15:30",
  "2026-09-06T04:00",
  "2011-12-30T10:00",
  "2026-02-15T02:00",
].map((text) => at(text));

describe("retention by hours, days, weeks, months and years", () => {
  it("keeps the newest of each day, of as many days as have a point", () => {
    const list = points(
      ["T06:00", "T18:00"].flatMap((t) => ["11-17", "11-18", "11-20", "11-21"].map((d) => at(`2026-${d}${t}`))),
    );
    expect(said(list, { daily: 3 })).to.deep.equal([
      "daily 1 of 3",
      "gone: not the newest of its day",
      "daily 2 of 3",
      "gone: not the newest of its day",
      // No point was made on the 19th: it takes no place.
      "daily 3 of 3",
      "gone: not the newest of its day",
      "gone: past 3 days with points",
      "gone: past 3 days with points",
    ]);
  });

  it("a gap of any length expires none of the survivors", () => {
    const list = points([at("2026-11-21T03:00"), at("2020-01-02T03:00"), at("2020-01-01T03:00")]);
    expect(said(list, { daily: 3 })).to.deep.equal(["daily 1 of 3", "daily 2 of 3", "daily 3 of 3"]);
  });

  it("each tier has spans of its own: the fifth week is not the month of May", () => {
    // Seen in the field: one set of names for all tiers, in which "2024-05" is both, lost 11 of 52 weekly points.
    const weekly = points(Array.from({ length: 120 }, (_, i) => at("2026-11-22T03:00") - i * 7 * DAY));
    const alone = said(weekly, { weekly: 52 }).filter((why) => why.startsWith("weekly"));
    const both = said(weekly, { weekly: 52, monthly: 24 });
    expect(alone).to.have.length(52);
    expect(both.filter((why) => why.startsWith("weekly"))).to.have.length(52);
    expect(both.filter((why) => why.includes("monthly"))).to.have.length(24);
  });

  it("says every rule that keeps a point, and everything a point is past", () => {
    const list = points(
      ["2026-11-21T03:00", "2026-11-20T03:00", "2026-11-19T03:00", "2026-10-31T03:00"].map((t) => at(t)),
    );
    expect(said(list, { count: 1, ageMs: DAY, daily: 2, monthly: 2, yearly: 1 })).to.deep.equal([
      "count 1 of 1, within 1d of the newest, daily 1 of 2, monthly 1 of 2, yearly 1 of 1",
      "within 1d of the newest, daily 2 of 2",
      "gone: past count 1 and older than 1d before the newest and past 2 days with points and not the newest of its month and not the newest of its year",
      "monthly 2 of 2",
    ]);
  });

  it("days are those of the policy's zone", () => {
    const list = points(["2026-11-20T23:30", "2026-11-21T00:30"].map((text) => at(text, "Europe/Berlin")));
    expect(said(list, { daily: 5 }, "Europe/Berlin")).to.deep.equal(["daily 1 of 5", "daily 2 of 5"]);
    expect(said(list, { daily: 5 })).to.deep.equal(["daily 1 of 5", "gone: not the newest of its day"]);
  });

  it("a day of 25 hours is one day, and the hour that comes twice is two hours", () => {
    const midnight = at("2026-10-25T00:00", "Europe/Berlin");
    const list = points(Array.from({ length: 26 }, (_, hour) => midnight + hour * HOUR));
    expect(said(list, { daily: 9 }, "Europe/Berlin").filter((why) => why.startsWith("daily"))).to.have.length(2);
    expect(said(list, { hourly: 99 }, "Europe/Berlin").filter((why) => why.startsWith("hourly"))).to.have.length(26);
  });

  it("weeks begin on Monday and run over the new year", () => {
    const list = points(
      ["2027-01-04T00:00", "2027-01-03T23:59", "2026-12-28T00:00", "2026-12-27T23:59"].map((t) => at(t)),
    );
    expect(said(list, { weekly: 9 })).to.deep.equal([
      "weekly 1 of 9",
      "weekly 2 of 9",
      "gone: not the newest of its week",
      "weekly 3 of 9",
    ]);
  });

  it("what did not complete takes the place of no other in any tier", () => {
    const list = points(["T03:00", "T09:00", "T15:00"].map((t) => at(`2026-11-21${t}`))).map((point, i) => ({
      ...point,
      complete: i !== 0,
    }));
    expect(said(list, { daily: 1 })).to.deep.equal(["daily 1 of 1", "daily 1 of 1", "gone: not the newest of its day"]);
  });

  it("agrees with an oracle over clock changes in any zone, in any mix", () => {
    const around = fc.tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -72 * 60, max: 72 * 60 }));
    const start = fc.oneof(
      around.map(([change, minutes]) => change + minutes * 60_000),
      fc.integer({ min: at("2009-01-01T00:00"), max: at("2031-01-01T00:00") }),
    );
    const list = fc.array(fc.record({ start, complete: fc.boolean() }), { maxLength: 60 });
    const most = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });
    const retain = fc.record({ hourly: most, daily: most, weekly: most, monthly: most, yearly: most });
    fc.assert(
      fc.property(list, retain, fc.constantFrom(...ZONES), (raw, wanted, zone) => {
        const sorted = raw.toSorted((a, b) => b.start - a.start).map((point, i) => ({ ...point, id: `p${i}` }));
        const given = TIER_NAMES.flatMap((tier) => (wanted[tier] === undefined ? [] : [[tier, wanted[tier]] as const]));
        const found = judged(sorted, { retain: Object.fromEntries(given), timezone: zone });
        const completed = sorted.filter(({ complete }) => complete);
        for (const [tier, number] of given) {
          const keeps = completed.filter(({ id }) => found.get(id)?.keep.some((why) => why.startsWith(tier)));
          // Points of one millisecond are alike: which of them stays is nobody's business.
          const startOf = (id: string): number | undefined => completed.find((point) => point.id === id)?.start;
          expect(
            keeps.map(({ start: s }) => s),
            tier,
          ).to.deep.equal(oracle(completed, tier, number, zone).map(startOf));
        }
        // At rest after its deletes, and what did not complete changes nothing for what did.
        const left = sorted.filter(({ id }) => (found.get(id)?.keep.length ?? 0) > 0);
        const again = judged(left, { retain: Object.fromEntries(given), timezone: zone });
        for (const { id } of left) expect(again.get(id)?.keep).to.deep.equal(found.get(id)?.keep);
        const alone = judged(completed, { retain: Object.fromEntries(given), timezone: zone });
        for (const { id } of completed) expect(alone.get(id)?.keep).to.deep.equal(found.get(id)?.keep);
      }),
      { numRuns: runs(400) },
    );
  });
});
