import { expect } from "chai";
import type { Point } from "../../../core/model/model.js";
import { DR, HOUR, only, plan, point, policy, SLOT, verdict, world } from "../worlds.js";

const copies = (input: Parameters<typeof world>[0]) => only(plan(world(input)), "copy");
const T = (hours: number): number => SLOT - hours * HOUR;
const two = { "vol-1": "completed", "vol-2": "completed" } as const;

describe("planner: copies of a volume whose copy hangs", () => {
  const hung = (hours: number) => point({ at: T(hours), region: DR, parts: { "vol-1": "pending" } });
  const sources = (points: readonly Point[]) => copies({ points }).map(({ scheduled }) => scheduled);

  it("are made of the next point after a day and a half, as a full copy beside it", () => {
    expect(sources([point({ at: SLOT }), point({ at: T(35) }), hung(35)])).to.deep.equal([]);
    expect(sources([point({ at: SLOT }), point({ at: T(37) }), hung(37)])).to.deep.equal([SLOT]);
  });

  it("are of all volumes of the next point, though others of the hanging one arrived", () => {
    const stuck = point({ at: T(40), region: DR, parts: { "vol-1": "pending", "vol-2": "completed" } });
    const points = [point({ at: SLOT, parts: two }), point({ at: T(40), parts: two }), stuck];
    expect(copies({ points }).map((c) => [c.scheduled, c.artifact.member])).to.deep.equal([
      [SLOT, "vol-1"],
      [SLOT, "vol-2"],
    ]);
  });

  it("are not made again of the point itself", () => {
    expect(sources([point({ at: T(40) }), hung(40)])).to.deep.equal([]);
  });

  it("wait twice as long after each that hangs, so that one volume does not take all slots", () => {
    const points = [point({ at: SLOT }), hung(200)];
    expect(sources([...points, hung(72)])).to.deep.equal([]);
    expect(sources([...points, hung(73)])).to.deep.equal([SLOT]);
    expect(sources([...points, hung(80), hung(73)])).to.deep.equal([]);
  });

  it("take slots as long as they hang", () => {
    const points = [point({ at: SLOT }), hung(40)];
    expect(copies({ points, limits: { copySlots: 1, copyReserve: 0 } })).to.deep.equal([]);
    expect(copies({ points, limits: { copySlots: 2, copyReserve: 0 } })).to.have.length(1);
  });

  it("do not keep what failed, once a newer one is whole", () => {
    const policies = [policy({ retain: { count: 1 }, copy: [{ region: DR, retain: { count: 1 } }] })];
    const failed = point({ at: T(50), region: DR, parts: { "vol-1": "error" } });
    const points = [point({ at: SLOT }), failed, point({ at: SLOT, region: DR })];
    const said = (hours: number) => verdict(plan(world({ policies, points: [...points, hung(hours)] })), failed);
    expect(said(30)).to.contain("a copy of its volume is in progress");
    expect(said(40)).to.contain("delete");
  });

  it("leave its source and what it builds on where they are", () => {
    const policies = [policy({ retain: { count: 1 }, copy: [{ region: DR, retain: { count: 1 } }] })];
    const base = point({ at: T(60), region: DR });
    const points = [point({ at: SLOT }), point({ at: T(40) }), hung(40), base, point({ at: SLOT, region: DR })];
    const actions = plan(world({ policies, points }));
    expect(verdict(actions, point({ at: T(40) }))).to.contain("source of a copy in progress");
    expect(verdict(actions, hung(40))).to.contain("in flight");
  });
});
