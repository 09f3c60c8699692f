import { expect } from "chai";
import { pointId } from "../../core/identity.js";
import type { Point } from "../../core/model.js";
import { plan } from "../../core/planner.js";
import { DAY, DR, HOME, HOUR, only, point, policy, SLOT, verdict, withParts, world } from "./worlds.js";

const T = (hours: number): number => SLOT - hours * HOUR;
type Input = NonNullable<Parameters<typeof world>[0]>;
const verdicts = (points: readonly Point[], input: Input = {}) => {
  const actions = plan(world({ points, ...input }));
  return points.map((p) => verdict(actions, p));
};
const local = (retain = policy().retain) => ({ policies: [policy({ copy: [], retain })] });
const two = { "vol-1": "completed", "vol-2": "completed" } as const;

describe("planner: what goes and what stays", () => {
  it("says why for every point", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h) }));
    expect(verdicts(points, local({ count: 2, ageMs: 2 * HOUR }))).to.deep.equal([
      "keep: newest completed; count 1 of 2; within 2h of the newest",
      "keep: count 2 of 2; within 2h of the newest",
      "keep: within 2h of the newest",
      "delete: past count 2 and older than 2h before the newest",
    ]);
  });

  it("counts ages from the newest completed point: nothing ages out while no backup is made", () => {
    const points = [100, 101, 108].map((days) => point({ at: T(days * 24) }));
    expect(verdicts(points, { ...local({ ageMs: 7 * DAY }) }).map((v) => v?.slice(0, 4))).to.deep.equal([
      "keep",
      "keep",
      "dele",
    ]);
  });

  it("measures age by the real start, not by the slot", () => {
    const points = [point({ at: SLOT }), point({ at: T(3), late: 2 * HOUR })];
    expect(verdicts(points, local({ ageMs: 2 * HOUR }))[1]).to.contain("within 2h");
  });

  it("deletes oldest first, with all snapshots of the point", () => {
    const points = [1, 2, 3, 4].map((h) => ({ ...point({ at: T(h), parts: two }), recorded: "count=1" }));
    const deletes = only(plan(world({ points, ...local({ count: 1 }) })), "delete");
    expect(deletes.map((d) => d.point)).to.deep.equal([points[3]?.id, points[2]?.id, points[1]?.id]);
    expect(deletes[0]?.snapshots).to.deep.equal(points[3]?.parts.map((p) => p.snapshot));
  });

  it("never lets a point in flight or failed push out a good one", () => {
    const points = [
      point({ at: T(0), parts: { "vol-1": "pending" } }),
      point({ at: T(1), parts: { "vol-1": "error" } }),
      point({ at: T(2), parts: { "vol-1": "completed" }, size: 2 }),
      point({ at: T(3) }),
      point({ at: T(4) }),
    ];
    expect(verdicts(points, local({ count: 1 }))).to.deep.equal([
      "keep: in flight",
      "keep: failed: vol-1: no such key; no newer one is complete",
      "keep: incomplete: 1 of 2 snapshots; no newer one is complete",
      "keep: newest completed; count 1 of 1",
      "delete: past count 1",
    ]);
  });

  it("deletes a failed point once a newer one is complete", () => {
    const points = [point({ at: T(0) }), point({ at: T(1), parts: { "vol-1": "error", "vol-2": "completed" } })];
    expect(verdicts(points, local()).slice(1)).to.deep.equal(["delete: failed, and a newer one is complete"]);
  });

  it("keeps what is left of an incomplete point as long as it would keep it whole, and counts it for nothing", () => {
    const half = (h: number, region = HOME) => point({ at: T(h), region, parts: { "vol-1": "completed" }, size: 2 });
    const points = [0, 2, 4, 6].map((h) => point({ at: T(h), parts: two }));
    const said = verdicts([...points, half(1), half(3)], local({ count: 2, ageMs: HOUR }));
    expect(said).to.deep.equal([
      "keep: newest completed; count 1 of 2; within 1h of the newest",
      "keep: count 2 of 2",
      "delete: past count 2 and older than 1h before the newest",
      "delete: past count 2 and older than 1h before the newest",
      "keep: incomplete: 1 of 2 snapshots; whole it would stay: count 2 of 2, within 1h of the newest",
      "delete: incomplete, and past count 2 and older than 1h before the newest",
    ]);
    const copies = [0, 2, 4].map((h) => point({ at: T(h), region: DR, parts: two }));
    expect(verdicts([...points, ...copies, half(3, DR), half(5, DR)]).slice(4)).to.deep.equal([
      "keep: newest completed; count 1 of 3",
      "keep: count 2 of 3",
      "keep: count 3 of 3",
      "keep: incomplete: 1 of 2 snapshots; whole it would stay: count 3 of 3",
      "delete: incomplete, and past count 3",
    ]);
  });

  it("keeps a source until its copy, or a newer one, is seen completed", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h) }));
    const waiting = "keep: copy to us-west-2 not seen completed";
    expect(verdicts(points).slice(2)).to.deep.equal([waiting, waiting]);
    const copy = (h: number, state: "completed" | "pending" | "error") =>
      point({ at: T(h), region: DR, parts: { "vol-1": state } });
    expect(verdicts([...points, copy(3, "completed")]).slice(2, 4)).to.deep.equal([waiting, "delete: past count 2"]);
    expect(verdicts([...points, copy(2, "completed")]).slice(2, 4)).to.deep.equal([
      "delete: past count 2",
      "delete: past count 2",
    ]);
    expect(verdicts([...points, copy(2, "error")]).slice(2, 4)).to.deep.equal([waiting, waiting]);
    expect(verdicts([...points, copy(2, "pending")])[2]).to.equal(
      "keep: source of a copy in progress to us-west-2; copy to us-west-2 not seen completed",
    );
    const half = point({ at: T(2), region: DR, size: 2 });
    expect(verdicts([...points, half]).slice(2, 4)).to.deep.equal([waiting, waiting]);
  });

  it("keeps the source of a copy in progress even when a newer copy is complete", () => {
    const points = [0, 1, 2].map((h) => point({ at: T(h) }));
    const there = [point({ at: T(0), region: DR }), point({ at: T(2), region: DR, parts: { "vol-1": "pending" } })];
    expect(verdicts([...points, ...there])[2]).to.equal("keep: source of a copy in progress to us-west-2");
  });

  it("needs the copy in every region of the policy", () => {
    const copy = [DR, "eu-west-1"].map((region) => ({ region, retain: { count: 1 } }));
    const points = [0, 1, 2].map((h) => point({ at: T(h) }));
    const there = point({ at: T(0), region: DR });
    const input = { policies: [policy({ copy })] };
    expect(verdicts([...points, there], input)[2]).to.equal("keep: copy to eu-west-1 not seen completed");
    expect(verdicts([...points, there, point({ at: T(0), region: "eu-west-1" })], input)[2]).to.equal(
      "delete: past count 2",
    );
  });

  it("deletes nothing that depends on a region it cannot see", () => {
    const points = [
      point({ at: T(0) }),
      point({ at: T(1), parts: { "vol-1": "error" } }),
      point({ at: T(2) }),
      point({ at: T(3) }),
    ];
    for (const said of verdicts(points, { unknown: { [DR]: "page 2 failed" } }).slice(1)) {
      expect(said).to.match(/^keep: .*us-west-2 is unknown: page 2 failed/);
    }
    const unasked = {
      ...world({ points }),
      regions: { [HOME]: { complete: true, asOf: 0, points, copiesInFlight: 0 } },
    } as const;
    expect(verdict(plan(unasked), point({ at: T(3) }))).to.contain("us-west-2 is unknown: not surveyed");
    // What does not depend on it goes on.
    const gone = verdicts(points, { ...local(), unknown: { [DR]: "page 2 failed" } });
    expect(gone[3]).to.equal("delete: past count 2");
  });

  it("expires copies by their own rule, and not while the home region is unknown", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h), region: DR }));
    expect(verdicts(points)).to.deep.equal([
      "keep: newest completed; count 1 of 3",
      "keep: count 2 of 3",
      "keep: count 3 of 3",
      "delete: past count 3",
    ]);
    expect(verdicts(points, { unknown: { [HOME]: "region down" } })[3]).to.equal(
      "keep: us-east-1 is unknown: region down",
    );
    const failed = point({ at: T(4), region: DR, parts: { "vol-1": "error" } });
    expect(verdicts([...points, failed], { unknown: { [HOME]: "region down" } })[4]).to.contain(
      "keep: us-east-1 is unknown",
    );
  });

  it("keeps what a copy in progress or about to start builds on", () => {
    const sources = [point({ at: T(0), parts: two }), point({ at: T(1), parts: { "vol-2": "completed" } })];
    const there = [1, 2, 3, 4].map((h) => point({ at: T(h), region: DR, parts: { "vol-2": "completed" } }));
    const base = point({ at: T(5), region: DR, parts: two });
    expect(verdicts([...sources, ...there, base])[6]).to.equal("keep: base of a copy in progress");
    expect(verdicts([...sources.slice(1), ...there, base])[5]).to.equal("delete: past count 3");
  });

  it("keeps failed and half copies while a copy of their volume is in progress", () => {
    const flying = point({ at: T(0), region: DR, parts: { "vol-1": "pending" } });
    const done = point({ at: T(1), region: DR });
    const failed = point({ at: T(2), region: DR, parts: { "vol-1": "error" } });
    expect(verdicts([flying, done, failed])[2]).to.equal(
      "keep: failed: vol-1: no such key; a copy of its volume is in progress",
    );
    expect(verdicts([done, failed])[1]).to.equal("delete: failed, and a newer one is complete");
  });

  it("never deletes what somebody holds, nor what is left of a policy that is gone", () => {
    const held = point({ at: T(9), holds: ["KeepForever"] });
    const failed = point({ at: T(8), holds: ["KeepForever"], parts: { "vol-1": "error" } });
    const gone = [
      point({ at: T(0), policy: "gone" }),
      point({ at: T(1), policy: "gone", parts: { "vol-1": "error" } }),
    ];
    const strange = [0, 1].map((h) => point({ at: T(h), region: "eu-west-1" }));
    const said = verdicts([point({ at: T(0) }), point({ at: T(1) }), held, failed, ...gone, ...strange], local());
    expect(said.slice(2)).to.deep.equal([
      "keep: hold KeepForever",
      "keep: hold KeepForever",
      "keep: policy gone, and its points tell none; newest completed",
      "keep: policy gone, and its points tell none",
      "keep: policy hourly has no rule for eu-west-1, and its points tell none; newest completed",
      "keep: policy hourly has no rule for eu-west-1, and its points tell none",
    ]);
  });

  it("expires a resource that is gone by its policy, but keeps its last completed point", () => {
    const points = [10, 11, 12].map((h) => point({ at: T(h), resource: "i-gone" }));
    expect(verdicts(points, { ...local(), resources: [] })).to.deep.equal([
      "keep: newest completed; count 1 of 2",
      "keep: count 2 of 2",
      "delete: past count 2",
    ]);
  });

  it("leaves points that live in another region to that region's plan", () => {
    const points = [0, 1, 2].map((h) => point({ at: T(h), home: DR, region: HOME }));
    expect(verdicts(points, local({ count: 1 }))[2]).to.equal("keep: lives in us-west-2, whose plan decides");
  });

  describe("a point that was made twice", () => {
    const made = point({ at: T(0), parts: two });
    const twin = made.parts.map((part) => ({
      ...part,
      snapshot: `${part.snapshot}-b`,
      startedAt: part.startedAt + 5000,
    }));
    const deletesOf = (p: Point, input: Input = local()) =>
      only(plan(world({ points: [p], ...input })), "delete").map((d) => d.snapshots);

    it("keeps the earliest whole set and deletes the double, once the kept one is completed", () => {
      expect(deletesOf({ ...made, parts: [...twin, ...made.parts] })).to.deep.equal([twin.map((p) => p.snapshot)]);
      const flying = made.parts.map((part) => ({ ...part, state: "pending" as const }));
      // The second is whole first, so it is the one; the other may not go before it has ended.
      expect(deletesOf({ ...made, parts: [...flying, ...twin] })).to.deep.equal([]);
      const none = made.parts.map((part) => ({ ...part, state: "pending" as const }));
      expect(
        deletesOf({ ...made, parts: [...none, ...twin.map((p) => ({ ...p, state: "pending" as const }))] }),
      ).to.deep.equal([]);
    });

    it("keeps both while a copy of it runs, a region is unknown, or somebody holds one", () => {
      const doubled = { ...made, parts: [...made.parts, ...twin] };
      const copy = point({ at: T(0), region: DR, parts: { "vol-1": "pending" }, size: 2 });
      expect(deletesOf(doubled, { points: [doubled, copy] })).to.deep.equal([]);
      expect(deletesOf(doubled, { unknown: { [DR]: "timed out" } })).to.deep.equal([]);
      const held = { ...made, parts: [...made.parts, ...twin.map((p) => ({ ...p, holds: ["KeepForever"] }))] };
      expect(deletesOf(held)).to.deep.equal([]);
    });

    it("goes whole when it expires", () => {
      const old = point({ at: T(5) });
      const doubled = withParts(old, { snapshot: "snap-b", startedAt: SLOT });
      const points = [point({ at: T(0) }), point({ at: T(1) }), doubled];
      const deletes = only(plan(world({ points, ...local() })), "delete");
      expect(deletes.map((d) => d.snapshots)).to.deep.equal(
        [["snap-b", ...old.parts.map((p) => p.snapshot)]].map((s) => s.toSorted()),
      );
    });
  });

  it("deletes the failed try of a copy that succeeded later, and doubles of copies", () => {
    const copy = point({ at: T(0), region: DR });
    const tried = withParts(
      copy,
      { snapshot: "snap-0", state: "error" },
      { snapshot: "snap-9", startedAt: SLOT + DAY },
    );
    const deletes = only(plan(world({ points: [point({ at: T(0) }), tried] })), "delete");
    expect(deletes.map((d) => d.snapshots)).to.deep.equal([["snap-0", "snap-9"]]);
    expect(deletes[0]?.point).to.equal(pointId({ policy: "hourly", home: HOME, resource: "i-1", scheduled: T(0) }));
  });
});
