import { expect } from "chai";
import fc from "fast-check";
import { RECORDED_MAX, readRecorded, recordedAt } from "../../../core/config/recorded.js";
import type { Inventory, Policy, Resource } from "../../../core/model/model.js";
import { overridden, quoteTag } from "../../../core/selection/overrides.js";
import {
  DAY,
  DR,
  HOME,
  HOUR,
  instance,
  only,
  plan,
  point,
  policy,
  SLOT,
  verdict,
  type WorldInput,
  world,
} from "../worlds.js";

const EU = "eu-west-1";
const KEY = "alias/europe";
/** Another policy copies to Europe, under a key of its own. */
const others: readonly Policy[] = [
  policy(),
  policy({ name: "far", select: { key: "Far" }, copy: [{ region: EU, retain: { count: 9 }, kmsKey: KEY }] }),
];
const tagged = (tags: Record<string, string>, id = "i-1"): Resource =>
  instance(id, [`vol-${id}`], { tags: { Backup: "hourly", ...tags } });
const worldOf = (tags: Record<string, string>, over: WorldInput = {}): Inventory =>
  world({ policies: others, resources: [tagged(tags)], ...over });
const made = (tags: Record<string, string>, over: WorldInput = {}) => only(plan(worldOf(tags, over)), "create")[0];
const alerts = (tags: Record<string, string>, over: WorldInput = {}) =>
  only(plan(worldOf(tags, over)), "alert").filter(({ cause }) => cause === "bad-tag");

describe("tags that override a policy", () => {
  it("Retention: so many times 24 hours, in place of all rules, at home and of the copies", () => {
    expect(made({ Retention: "30" })?.recorded).to.equal("age=30d copies=us-west-2 by=retain");
    const points = [point({ at: SLOT })];
    const [copy] = only(plan(worldOf({ Retention: "30" }, { points })), "copy");
    expect(copy?.recorded).to.equal("age=30d by=retain");
  });

  it("Retention: what it keeps and lets go is decided by it, not by the policy", () => {
    const points = [0, 1, 2, 3, 71, 72, 73].map((h) => point({ at: SLOT - h * HOUR, late: 0 }));
    const copies = points.map((one) => point({ at: one.scheduled, late: 0, region: DR }));
    const actions = plan(worldOf({ Retention: "3" }, { points: [...points, ...copies] }));
    for (const list of [points, copies]) {
      const gone = list.filter((one) => verdict(actions, one)?.startsWith("delete"));
      expect(gone).to.deep.equal(list.slice(-1));
    }
  });

  it("BackupCrossRegion: the regions that copies go to, with the policy's rule of each, or its own for a new one", () => {
    const points = [point({ at: SLOT })];
    const copied = (tags: Record<string, string>) =>
      only(plan(worldOf(tags, { points })), "copy").map(({ region, recorded, kmsKey }) => [region, recorded, kmsKey]);
    expect(copied({})).to.deep.equal([[DR, "count=3", undefined]]);
    expect(copied({ BackupCrossRegion: `${DR}, ${EU}` })).to.deep.equal([
      [EU, "count=2 by=copy", KEY],
      [DR, "count=3 by=copy", undefined],
    ]);
    expect(copied({ BackupCrossRegion: EU })).to.have.length(1);
    expect(made({ BackupCrossRegion: EU })?.recorded).to.equal("count=2 copies=eu-west-1 by=copy");
  });

  it("BackupCrossRegion: a source waits for the copy that its tag asks for, and for no other", () => {
    const points = [0, 1, 2].map((h) => point({ at: SLOT - h * HOUR }));
    const last = points[2] ?? point({ at: SLOT });
    const said = (region: string) =>
      verdict(plan(worldOf({ BackupCrossRegion: EU }, { points: [...points, point({ at: SLOT, region })] })), last);
    expect(said(DR)).to.equal("keep: copy to eu-west-1 not seen completed");
    expect(said(EU)).to.equal("delete: past count 2");
  });

  it("Backup=No leaves it out of every policy, and Backup=Yes that nobody selects is told", () => {
    const backup = (value: string) => plan(world({ resources: [tagged({}), tagged({ Backup: value }, "i-2")] }));
    const any = (value: string) =>
      plan(world({ policies: [policy({ select: { key: "Backup" } })], resources: [tagged({ Backup: value })] }));
    expect(only(any("Yes"), "create")).to.have.length(1);
    for (const no of ["No", "no", " FALSE "]) expect(only(any(no), "create"), no).to.deep.equal([]);
    const told = only(backup("Yes"), "alert").map(({ resource, reason }) => [resource, reason]);
    expect(told).to.deep.equal([["i-2", 'it has the tag Backup="Yes", and no policy selects it']]);
    expect(only(backup("weekly"), "alert")).to.deep.equal([]);
  });

  it("are called what the stack says, and not heeded where it says so", () => {
    const tagNames = { keepForever: "KeepForever", retention: "days" };
    const input = { tagNames };
    expect(made({ days: "5", Retention: "30", BackupCrossRegion: EU }, input)?.recorded).to.equal(
      "age=5d copies=us-west-2 by=retain",
    );
    const resources = [tagged({ Backup: "No" })];
    const everything = [policy({ select: { everything: true } })];
    expect(only(plan(world({ tagNames, policies: everything, resources })), "create")).to.have.length(1);
  });

  it("go on when the resource is no more, or not selected any more, as its newest point tells", () => {
    const recorded = "age=30d copies=eu-west-1 by=retain+copy";
    const points = [0, 20, 31].map((days) => ({ ...point({ at: SLOT - days * DAY, late: 0 }), recorded }));
    for (const resources of [[], [tagged({ Backup: "No" })]]) {
      const actions = plan(worldOf({}, { points, resources }));
      expect(only(actions, "copy").map((copy) => [copy.region, copy.recorded])).to.deep.equal([
        [EU, "age=30d by=retain+copy"],
      ]);
      expect(points.map((one) => verdict(actions, one))).to.deep.equal([
        "keep: source of a copy in progress to eu-west-1; newest completed; within 30d of the newest; copy to eu-west-1 not seen completed",
        "keep: within 30d of the newest; copy to eu-west-1 not seen completed",
        "keep: copy to eu-west-1 not seen completed",
      ]);
      const copied = { points: [...points, point({ at: SLOT, region: EU })], resources };
      expect(verdict(plan(worldOf({}, copied)), points[2] ?? point({ at: 0 }))).to.contain("delete: older than 30d");
    }
  });

  it("a DR stack sees the same, for its own region, and heeds a list that names others too", () => {
    const tags = { Retention: "9", BackupCrossRegion: `${EU} ${DR}` };
    const points = [point({ at: SLOT })];
    const inDr = { policies: others.map((one) => ({ ...one, copy: one.copy.filter(({ region }) => region === DR) })) };
    const seen = worldOf(tags, { ...inDr, points, drRegions: [EU, DR] });
    const actions = plan(seen);
    expect(only(actions, "copy").map((copy) => [copy.region, copy.recorded])).to.deep.equal([
      [DR, "age=9d by=retain+copy"],
    ]);
    expect(only(actions, "alert").filter(({ cause }) => cause === "bad-tag")).to.deep.equal([]);
  });

  const bad: readonly [string, string, string][] = [
    ...["", "0", "-7", "7.5", "7d", "forever", "1e3", "99999", "36501", "٣", "0x10", "30 days"].map(
      (value): [string, string, string] => ["Retention", value, "a number of days from 1 to 36500"],
    ),
    ...["", ",", "no", "us-west-2, mars-north-1", HOME, `${DR}; ${EU}`, "US-WEST-2", "*"].map(
      (value): [string, string, string] => [
        "BackupCrossRegion",
        value,
        "a list of regions with a DR stack: eu-west-1, us-west-2",
      ],
    ),
  ];
  for (const [key, value, want] of bad) {
    it(`${key}=${quoteTag(value)} changes nothing, and says so of that resource alone`, () => {
      const resources = [tagged({ [key]: value }), tagged({}, "i-2")];
      const actions = plan(worldOf({}, { resources }));
      const about = only(actions, "alert").filter(({ policy: name }) => name === "hourly");
      const told = about.map(({ cause, resource, reason }) => [cause, resource, reason]);
      const reason = `its tag ${key} is ${quoteTag(value)}, not ${want}: the policy's own value holds`;
      expect(told).to.deep.equal([["bad-tag", "i-1", reason]]);
      expect(only(actions, "create").map(({ recorded }) => recorded)).to.deep.equal(
        Array(2).fill("count=2 copies=us-west-2"),
      );
    });
  }

  it("a bad one beside a good one does not undo it", () => {
    const tags = { Retention: "forever", BackupCrossRegion: EU };
    expect(made(tags)?.recorded).to.equal("count=2 copies=eu-west-1 by=copy");
    expect(alerts(tags)).to.have.length(1);
    expect(alerts({ Retention: "x", BackupCrossRegion: "y" })[0]?.reason.split("; ")).to.have.length(2);
  });

  it("a region without a DR stack is a bad value also where no policy copies anywhere", () => {
    const [told] = alerts({ BackupCrossRegion: DR }, { policies: [policy({ copy: [] })] });
    expect(told?.reason).to.contain("not there at all: no policy copies to any region");
  });

  it("whatever the text, one planner, one rule that can be read back, and none of the text in it", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 256 }),
      fc.constantFrom(DR, EU, `${DR},${EU}`, HOME, "7", "0", "365", "__proto__", "constructor"),
    );
    fc.assert(
      fc.property(text, text, fc.constantFrom(undefined, "Europe/Berlin"), (days, regions, timezone) => {
        const own = policy(timezone === undefined ? {} : { timezone });
        const estate = worldOf({}, { policies: [own, ...others.slice(1)] });
        const { policy: ruled, problems } = overridden(
          own,
          tagged({ Retention: days, BackupCrossRegion: regions }),
          estate,
        );
        const told = recordedAt(ruled, HOME, HOME);
        expect(told.length).to.be.at.most(RECORDED_MAX);
        expect(readRecorded(told)).to.not.equal(undefined);
        expect(told).to.match(/^[a-z0-9=+ /-]+$/i);
        for (const { region } of ruled.copy) expect([DR, EU]).to.include(region);
        for (const problem of problems) expect(problem).to.match(/^[\x20-\x7e]+$/);
        const changed = ruled.byTags?.length ?? 0;
        expect(problems.length + changed).to.equal(2);
      }),
    );
  });
});
