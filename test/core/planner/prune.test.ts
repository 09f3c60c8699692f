import { expect } from "chai";
import { DAY, DR, HOME, HOUR, only, plan, point, SLOT, world } from "../worlds.js";
import { local, T, two, verdicts } from "./prunes.js";

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
    expect(deletes[0]?.artifacts).to.deep.equal(points[3]?.artifacts.map((p) => p.id));
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
});
