import { expect } from "chai";
import fc from "fast-check";
import type { Retain } from "../../../core/model/model.js";
import { formatDuration, parseDuration } from "../../../core/schedule/duration.js";
import { DAY, HOUR, NOW } from "../worlds.js";
import { judged, type Named } from "./judged.js";

/** Newest first, one a day. */
const daily = (n: number, complete: (i: number) => boolean = () => true) =>
  Array.from({ length: n }, (_, i) => ({ id: `p${i}`, start: NOW - 30 * DAY - i * DAY, complete: complete(i) }));

const judge = (points: readonly Named[], retain: Retain, timezone?: string) =>
  [...judged(points, { retain, timezone })].map(([id, { keep }]) => [id, keep] as const);

const kept = (points: readonly Named[], retain: Retain): string[] =>
  judge(points, retain)
    .filter(([, keep]) => keep.length > 0)
    .map(([id]) => id);

describe("retention", () => {
  it("says for each point why it stays", () => {
    expect(judge(daily(5), { count: 2, ageMs: 3 * DAY })).to.deep.equal([
      ["p0", ["newest completed", "count 1 of 2", "within 3d of the newest"]],
      ["p1", ["count 2 of 2", "within 3d of the newest"]],
      ["p2", ["within 3d of the newest"]],
      ["p3", ["within 3d of the newest"]],
      ["p4", []],
    ]);
  });

  it("counts ages back from the newest completed point, however long ago that was", () => {
    expect(kept(daily(5), { ageMs: 2 * DAY })).to.deep.equal(["p0", "p1", "p2"]);
  });

  it("seven days are 168 hours to the millisecond", () => {
    const points = [0, 168 * HOUR, 168 * HOUR + 1].map((ago) => ({ id: `${ago}`, start: NOW - ago, complete: true }));
    expect(kept(points, { ageMs: parseDuration("7d") ?? 0 })).to.deep.equal(["0", `${168 * HOUR}`]);
  });

  it("lets nothing that did not complete count, or be the newest", () => {
    const points = daily(6, (i) => i !== 0 && i !== 2 && i !== 5);
    expect(judge(points, { count: 2 })).to.deep.equal([
      ["p0", ["count 1 of 2"]],
      ["p1", ["newest completed", "count 1 of 2"]],
      ["p2", ["count 2 of 2"]],
      ["p3", ["count 2 of 2"]],
      ["p4", []],
      ["p5", []],
    ]);
  });

  it("keeps min(count, completed), grows with the rule, and is at rest after its deletes", () => {
    const points = fc.array(fc.record({ gap: fc.nat({ max: 5 * DAY }), complete: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 12 }), fc.nat({ max: 20 * DAY }), (gaps, count, ageMs) => {
        let start = NOW;
        const list = gaps.map(({ gap, complete }, i) => {
          start -= gap;
          return { id: `p${i}`, start, complete };
        });
        const completed = list.filter((p) => p.complete);
        const isComplete = (id: string): boolean => completed.some((p) => p.id === id);
        const byCount = kept(list, { count }).filter(isComplete);
        const both = kept(list, { count, ageMs });
        expect(byCount).to.have.length(Math.min(count, completed.length));
        expect(both).to.include.members(byCount);
        expect(both).to.include.members(kept(list, { ageMs }));
        const left = list.filter((p) => both.includes(p.id));
        expect(kept(left, { count, ageMs })).to.deep.equal(both);
        // What is not complete changes nothing for what is.
        expect(kept(completed, { count, ageMs })).to.deep.equal(both.filter(isComplete));
      }),
    );
  });
});

describe("duration", () => {
  it("reads hours, days and weeks exactly", () => {
    expect(["36h", "7d", "2w"].map(parseDuration)).to.deep.equal([36 * HOUR, 7 * DAY, 14 * DAY]);
    expect([36 * HOUR, 7 * DAY, 1500].map(formatDuration)).to.deep.equal(["36h", "7d", "1.5s"]);
  });

  const wrong = [
    "",
    "7",
    "d",
    "0d",
    "-1d",
    "1.5d",
    "1.5 minutes",
    "7 d",
    "7D",
    "1e3d",
    "7days",
    "99999w",
    "7d ",
    "7m",
    "١d",
  ];
  for (const text of wrong) it(`refuses "${text}"`, () => expect(parseDuration(text)).to.equal(undefined));
});
