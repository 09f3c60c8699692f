import { expect } from "chai";
import fc from "fast-check";
import { formatRecorded, RECORDED_MAX, readRecorded, recordedAt } from "../../../core/config/recorded.js";
import { DAY, DR, HOME, HOUR, policy } from "../worlds.js";

const count = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined });
const retain = fc
  .record({
    count,
    ageMs: fc.option(
      fc.integer({ min: 1, max: 50_000 }).map((hours) => hours * HOUR),
      { nil: undefined },
    ),
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
  .filter((fields) => Object.keys(fields).length > 0);
const copies = fc.subarray([DR, "eu-west-1", "ap-southeast-2", "us-gov-west-1"]);
const timezone = fc.option(fc.constantFrom("Europe/Berlin", "America/Argentina/Buenos_Aires"), { nil: undefined });

describe("the rule that a point tells", () => {
  it("is short enough to read, and to be a tag", () => {
    const rule = {
      retain: { count: 7, ageMs: 14 * DAY, monthly: 12 },
      timezone: "Europe/Berlin",
      copies: [DR, "eu-west-1"],
    };
    const text = "count=7 age=14d monthly=12 zone=Europe/Berlin copies=us-west-2+eu-west-1";
    expect(formatRecorded(rule)).to.equal(text);
    expect(readRecorded(text)).to.deep.equal(rule);
  });

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(retain, timezone, copies, (rules, zone, regions) => {
        const recorded = { retain: rules, ...(zone === undefined ? {} : { timezone: zone }), copies: regions };
        const text = formatRecorded(recorded);
        expect(text.length).to.be.at.most(RECORDED_MAX);
        // A tag's characters, in every service.
        expect(text).to.match(/^[\w .:/=+@-]+$/);
        expect(readRecorded(text)).to.deep.equal(recorded);
      }),
    );
  });

  it("is that of the region: home's with its copies, a copy's own", () => {
    const made = policy({
      retain: { count: 2 },
      copy: [{ region: DR, retain: { daily: 9 } }],
      timezone: "Asia/Kolkata",
    });
    expect(recordedAt(made, HOME, HOME)).to.equal("count=2 zone=Asia/Kolkata copies=us-west-2");
    expect(recordedAt(made, DR, HOME)).to.equal("daily=9 zone=Asia/Kolkata");
  });

  const wrong = [
    undefined,
    "",
    "count=0",
    "count=-1",
    "count=1.5",
    "count=1 count=2",
    "count=1=2",
    "count",
    "age=7",
    "age=-7d",
    "forever=1",
    "zone=Europe/Berlin",
    "zone=Mars/Base count=1",
    "copies=us-west-2",
    "count=1 copies=$(rm)",
    "count=1  daily=2",
    "__proto__=1",
    `count=1 zone=${"x".repeat(300)}`,
  ];
  for (const text of wrong) {
    it(`is none that may delete when it says "${text?.slice(0, 40)}"`, () =>
      expect(readRecorded(text)).to.equal(undefined));
  }

  it("is never a rule that keeps nothing, whatever somebody wrote", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."count=age daily1270-dhw.+ ") })),
        (text) => {
          const read = readRecorded(text);
          if (read === undefined) return;
          for (const value of Object.values(read.retain)) expect(value).to.be.greaterThan(0);
          expect(Object.keys(read.retain)).to.not.have.length(0);
        },
      ),
    );
  });
});
