import { expect } from "chai";
import * as v from "valibot";
import { Retain } from "../../../core/config/retain.js";
import type { Point } from "../../../core/model/model.js";
import { pointTags } from "../../../core/model/point-tags.js";
import { actionsFor } from "../../../core/planner/planner.js";
import { pointsFromSnapshots, type SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { DAY, DR, HOME, HOUR, only, plan, point, policy, SLOT, verdict, type WorldInput, world } from "../worlds.js";

const T = (hours: number): number => SLOT - hours * HOUR;
const local = (retain: object): WorldInput => ({ policies: [policy({ retain, copy: [] })] });
const verdicts = (points: readonly Point[], input: WorldInput) => {
  const actions = plan(world({ points, ...input }));
  return points.map((one) => verdict(actions, one));
};
const isKept = (said: string | undefined): boolean => said?.startsWith("keep") ?? false;

/** Rows of docs/safety.md, by their names there. */
describe("safety rows: retention", () => {
  it("F-S1 A-X1 D1-X1: nothing old goes while the new one is only begun, even to the last but one", () => {
    const begun = point({ at: T(0), parts: { "vol-1": "pending" } });
    expect(verdicts([begun, point({ at: T(1) })], local({ count: 1 })).every(isKept)).to.equal(true);
    // And once it is there, the old one goes.
    expect(verdicts([point({ at: T(0) }), point({ at: T(1) })], local({ count: 1 }))[1]).to.equal(
      "delete: past count 1",
    );
  });

  it("F-S2 C-X1: a failed copy does not evict the only good one where DR keeps one", () => {
    const policies = [policy({ retain: { count: 9 }, copy: [{ region: DR, retain: { count: 1 } }] })];
    const sources = [0, 1].map((h) => point({ at: T(h) }));
    const failed = point({ at: T(0), region: DR, parts: { "vol-1": "error" } });
    const good = point({ at: T(1), region: DR });
    expect(
      verdicts([failed, good, ...sources], { policies })
        .slice(0, 2)
        .every(isKept),
    ).to.equal(true);
  });

  it("F-S2 E-X8: however many fail, the good ones that retention counts are the good ones", () => {
    const failed = [0, 1, 2, 3].map((h) => point({ at: T(h), parts: { "vol-1": "error" } }));
    const good = [4, 5, 6].map((h) => point({ at: T(h) }));
    expect(
      verdicts([...failed, ...good], local({ count: 2 }))
        .slice(4)
        .map(isKept),
    ).to.deep.equal([true, true, false]);
  });

  it("F-S3 A-X2 D2-X11: the only point left stays, whatever its age and the rule", () => {
    for (const retain of [{ ageMs: DAY }, { hourly: 1 }, { daily: 1 }, { count: 1 }]) {
      expect(verdicts([point({ at: T(24 * 4000) })], local(retain)).every(isKept)).to.equal(true);
    }
  });

  it("F-S4 C-X2 E-X4: the source of a copy that runs, or is still to come, is not deleted", () => {
    const points = [0, 1, 2].map((h) => point({ at: T(h) }));
    expect(verdicts(points, {})[2]).to.equal("keep: copy to us-west-2 not seen completed");
    const running = point({ at: T(2), region: DR, parts: { "vol-1": "pending" } });
    const done = point({ at: T(0), region: DR });
    expect(verdicts([...points, running, done], {})[2]).to.equal("keep: source of a copy in progress to us-west-2");
  });

  it("F-S6 C-X11 D1-X7 E-X9: what an AMI holds keeps its own point, and stops no other from going", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h), ...(h === 2 ? { holds: ["in use by ami-1"] } : {}) }));
    expect(verdicts(points, local({ count: 1 })).map((said) => said?.slice(0, 27))).to.deep.equal([
      "keep: newest completed; cou",
      "delete: past count 1",
      "keep: hold in use by ami-1",
      "delete: past count 1",
    ]);
  });

  it("F-S9 A-X9 E-X7: seven days are 168 hours, to the millisecond, on the day that the clocks change too", () => {
    const newest = Date.UTC(2026, 2, 30, 1);
    const ages = [0, 168 * HOUR, 168 * HOUR + 1];
    const retain = v.parse(Retain, { age: "7d" });
    const points = ages.map((age) => point({ at: newest - age, late: 0 }));
    const policies = [policy({ retain, timezone: "Europe/Berlin", copy: [] })];
    const said = verdicts(points, { policies, now: newest + HOUR });
    expect(said.map(isKept)).to.deep.equal([true, true, false]);
  });

  it("F-S9 A-X10 E-X1: a retention that is no whole number above nought is refused before anything is deleted", () => {
    const wrong = [
      {},
      { count: 0 },
      { count: -1 },
      { count: 7.5 },
      { count: "7" },
      { count: Number.NaN },
      { daily: 0 },
    ];
    const ages = ["-1d", "7.5d", "abc", "0d", 7, "", "7", "168h "].map((age) => ({ age }));
    for (const retain of [...wrong, ...ages, { count: 3, yearly: 0 }, null, [], "7d"]) {
      expect(v.safeParse(Retain, retain).issues, JSON.stringify(retain)).to.have.length(1);
    }
  });

  it("A-X13 A-X14: the oldest goes first, so that a stop in between leaves the newest of what is to go", () => {
    const points = [0, 1, 2, 3, 4].map((h) => ({ ...point({ at: T(h) }), recorded: "count=2" }));
    const gone = only(plan(world({ points, ...local({ count: 2 }) })), "delete").map(({ point: id }) => id);
    expect(gone).to.deep.equal([points[4]?.id, points[3]?.id, points[2]?.id]);
  });

  it("E-X14 C-F4: DR expires by its own rule, and each region's controller deletes in its own region only", () => {
    const policies = [policy({ retain: { count: 1 }, copy: [{ region: DR, retain: { daily: 2 } }] })];
    const made: Readonly<Record<string, string>> = { [HOME]: "count=1", [DR]: "daily=2" };
    const points = [0, 1, 25, 26].flatMap((h) =>
      [HOME, DR].map((region) => ({ ...point({ at: T(h), region }), recorded: made[region] ?? "" })),
    );
    const actions = plan(world({ points, policies }));
    const gone = (region: string) => only(actionsFor(region, actions), "delete");
    expect(gone(HOME)).to.have.length(3);
    expect(gone(DR)).to.have.length(2);
    for (const region of [HOME, DR]) {
      const own = new Set(
        points.filter((p) => p.region === region).flatMap((p) => p.artifacts.map(({ id: snapshot }) => snapshot)),
      );
      for (const { artifacts: snapshots } of gone(region)) for (const id of snapshots) expect(own).to.include(id);
    }
  });

  describe("whose snapshots", () => {
    const create = only(plan(world()), "create")[0];
    const tags = create === undefined ? {} : pointTags({ deployment: "acme", tags: {} }, create);
    const record = (over: Partial<SnapshotRecord>): SnapshotRecord => ({
      snapshotId: "snap-1",
      volumeId: "vol-1",
      state: "completed",
      startTime: SLOT,
      progress: 100,
      sizeGiB: 8,
      tags,
      ...over,
    });
    const read = (...records: SnapshotRecord[]) =>
      pointsFromSnapshots(records, { deployment: "acme", region: HOME }).points;

    it("F-S8 D1-X4 C-X5: a snapshot that names the instance in some tag of its own is nobody's point", () => {
      const foreign = [{ RestoredFor: "i-1" }, { Name: "i-1" }, {}, { Type: "Automated", DeleteOn: "2020-01-01" }];
      expect(read(...foreign.map((own) => record({ tags: own })))).to.deep.equal([]);
      expect(read(record({ tags: { ...tags, "lockstep:deployment": "umbrella" } }))).to.deep.equal([]);
    });

    it("F-S8 C-X3 E-X10: what was there before a resource came under a policy is neither counted nor deleted", () => {
      const before = record({ snapshotId: "snap-old", startTime: SLOT - 99 * DAY, tags: { Backup: "hourly" } });
      const points = read(before, record({}));
      expect(points.flatMap((p) => p.artifacts.map(({ id: snapshot }) => snapshot))).to.deep.equal(["snap-1"]);
    });

    it("D1-X5 D1-X8: the order of tags, and tags that people add, change nothing", () => {
      const turned = Object.fromEntries([["Cost", "42"], ...Object.entries(tags).toReversed(), ["A", ""]]);
      expect(read(record({ tags: turned }))).to.deep.equal(read(record({})));
    });

    it("E-F4: a snapshot with the tag that keeps for ever is kept, whatever the tag's value and name", () => {
      const held = (key: string, keepForever?: string) =>
        pointsFromSnapshots([record({ tags: { ...tags, [key]: "no" } })], {
          deployment: "acme",
          region: HOME,
          ...(keepForever === undefined ? {} : { tagNames: { keepForever } }),
        }).points[0]?.artifacts[0]?.holds;
      expect(held("KeepForever")).to.deep.equal(["KeepForever"]);
      expect(held("legal:hold", "legal:hold")).to.deep.equal(["legal:hold"]);
      expect(held("KeepForever", "legal:hold")).to.deep.equal([]);
    });
  });
});
