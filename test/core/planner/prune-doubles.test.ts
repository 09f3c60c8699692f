import { expect } from "chai";
import type { Point } from "../../../core/model/model.js";
import { pointId } from "../../../core/names/identity.js";
import { DAY, DR, HOME, only, plan, point, SLOT, withParts, world } from "../worlds.js";
import { type Input, local, T, two } from "./prunes.js";

describe("planner: what goes of points that were made twice", () => {
  describe("a point that was made twice", () => {
    const made = point({ at: T(0), parts: two });
    const twin = made.artifacts.map((part) => ({
      ...part,
      id: `${part.id}-b`,
      startedAt: part.startedAt + 5000,
    }));
    const deletesOf = (p: Point, input: Input = local()) =>
      only(plan(world({ points: [p], ...input })), "delete").map((d) => d.artifacts);

    it("keeps the earliest whole set and deletes the double, once the kept one is completed", () => {
      expect(deletesOf({ ...made, artifacts: [...twin, ...made.artifacts] })).to.deep.equal([twin.map((p) => p.id)]);
      const flying = made.artifacts.map((part) => ({ ...part, state: "pending" as const }));
      // The second is whole first, so it is the one; the other may not go before it has ended.
      expect(deletesOf({ ...made, artifacts: [...flying, ...twin] })).to.deep.equal([]);
      const none = made.artifacts.map((part) => ({ ...part, state: "pending" as const }));
      expect(
        deletesOf({ ...made, artifacts: [...none, ...twin.map((p) => ({ ...p, state: "pending" as const }))] }),
      ).to.deep.equal([]);
    });

    it("keeps both while a copy of it runs, a region is unknown, or somebody holds one", () => {
      const doubled = { ...made, artifacts: [...made.artifacts, ...twin] };
      const copy = point({ at: T(0), region: DR, parts: { "vol-1": "pending" }, size: 2 });
      expect(deletesOf(doubled, { points: [doubled, copy] })).to.deep.equal([]);
      expect(deletesOf(doubled, { unknown: { [DR]: "timed out" } })).to.deep.equal([]);
      const held = { ...made, artifacts: [...made.artifacts, ...twin.map((p) => ({ ...p, holds: ["KeepForever"] }))] };
      expect(deletesOf(held)).to.deep.equal([]);
    });

    it("goes whole when it expires", () => {
      const old = point({ at: T(5) });
      const doubled = withParts(old, { id: "snap-b", startedAt: SLOT });
      const points = [point({ at: T(0) }), point({ at: T(1) }), doubled];
      const deletes = only(plan(world({ points, ...local() })), "delete");
      expect(deletes.map((d) => d.artifacts)).to.deep.equal(
        [["snap-b", ...old.artifacts.map((p) => p.id)]].map((s) => s.toSorted()),
      );
    });
  });

  it("deletes the failed try of a copy that succeeded later, and doubles of copies", () => {
    const copy = point({ at: T(0), region: DR });
    const tried = withParts(copy, { id: "snap-0", state: "error" }, { id: "snap-9", startedAt: SLOT + DAY });
    const deletes = only(plan(world({ points: [point({ at: T(0) }), tried] })), "delete");
    expect(deletes.map((d) => d.artifacts)).to.deep.equal([["snap-0", "snap-9"]]);
    expect(deletes[0]?.point).to.equal(pointId({ policy: "hourly", home: HOME, resource: "i-1", scheduled: T(0) }));
  });
});
