import { expect } from "chai";
import type { World } from "../../core/model.js";
import { planAll } from "../../core/planner.js";
import { pointsFromSnapshots } from "../../core/snapshots.js";
import { snapshotRecord } from "../../functions/lib/describe.js";
import type { Recent } from "../../functions/lib/lean.js";
import { cloud, DR, HOME, settings } from "./cloud.js";
import { type Estate, endings, estate, look, point, pointsOfVolume } from "./looks.js";

describe("the survey of a DR stack that looked a moment ago", () => {
  const own = settings("dr");
  const least = ["dr Snapshots", "home Instances", "home Snapshots"];
  const copying = [...least, "dr Pending"].toSorted();
  const recent = async (seen: Estate, more: Partial<Recent> = {}): Promise<Recent> => {
    const { worlds } = await look(estate(seen).ec2, own);
    return { worlds, begun: [], newPoints: false, ...more };
  };
  const copyOf = (hours: number) => ({ ...point(`copy-${hours}`, hours, `snap-${hours}`), State: "pending" });
  /** What a run that began these copies left. */
  const left = (...copies: readonly object[]) =>
    pointsFromSnapshots(copies.map(snapshotRecord), { deployment: own.deployment, region: DR }).points;
  const copied = (worlds: readonly World[]) =>
    planAll(worlds).flatMap((action) => (action.do === "copy" ? [action.part.snapshot] : []));

  it("reads volumes of the home region where points of some are left, and a look at free slots leans on that", async () => {
    const { ec2, asked } = estate(pointsOfVolume());
    const before = await look(ec2, own);
    expect(asked().toSorted()).to.deep.equal([...copying, "dr Images", "home Volumes"].toSorted());
    expect(endings(before.worlds)).to.include("policy-gone ").and.not.include("resource-gone vol-9");
    const leaned = { worlds: before.worlds, begun: [], newPoints: false };
    const { worlds, isFollowUp } = await look(estate(pointsOfVolume()).ec2, own, leaned);
    expect(isFollowUp).to.equal(true);
    expect(endings(worlds)).to.deep.equal(endings(before.worlds));
  });

  it("with a recent look at everything reads what takes slots only, while there are copies to start", async () => {
    const before = await recent({});
    const { ec2, asked } = estate({ home: [] });
    const { worlds, isFollowUp, isLeaning } = await look(ec2, own, before);
    expect({ isFollowUp, isLeaning }).to.deep.equal({ isFollowUp: true, isLeaning: true });
    expect(asked()).to.deep.equal(["dr Pending"]);
    expect(worlds[0]?.regions[HOME], "as it was").to.deep.equal(before.worlds[0]?.regions[HOME]);
    expect(worlds[0]?.resources).to.deep.equal(before.worlds[0]?.resources);
    expect(copied(worlds)).to.deep.equal(["snap-1"]);
  });

  it("reads the snapshots of the home regions too where there are new points", async () => {
    const before = await recent({ copies: [point("copy-0", 0, "snap-0")] }, { newPoints: true });
    const newer = { ...point("snap-new", 0), VolumeId: "vol-2" };
    const { ec2, asked } = estate({ home: [point("snap-0", 0)], copies: [point("copy-0", 0, "snap-0")] });
    expect((await look(ec2, own, before)).isFollowUp, "nothing to copy: looks at everything").to.equal(false);
    expect(asked().toSorted()).to.deep.equal(least);
    const more = estate({ home: [newer] });
    const { worlds, isFollowUp } = await look(more.ec2, own, await recent({ home: [] }, { newPoints: true }));
    expect(isFollowUp).to.equal(true);
    expect(more.asked().toSorted()).to.deep.equal(["dr Pending", "home Snapshots"]);
    expect(copied(worlds)).to.deep.equal(["snap-new"]);
  });

  it("takes what was begun and is in flight no more for arrived, and what is for taken slots", async () => {
    const home = [0, 1].map((hours) => point(`snap-${hours}`, hours));
    const begun = left(copyOf(1));
    const flying = estate({ home, copies: [copyOf(1)], pending: [copyOf(1)] });
    // Of one volume one copy at a time.
    const waiting = await look(flying.ec2, own, await recent({ home }, { begun }));
    expect(copied(waiting.worlds)).to.deep.equal([]);
    const arrived = await look(estate({}).ec2, own, await recent({ home }, { begun }));
    expect(arrived.isFollowUp).to.equal(true);
    expect(copied(arrived.worlds)).to.deep.equal(["snap-0"]);
    const view = arrived.worlds[0]?.regions[DR];
    expect(view?.complete && view.points.map(({ parts }) => parts.map(({ state }) => state))).to.deep.equal([
      ["completed"],
    ]);
  });

  it("with all copies handed out reads its own region, and leaves it at that where nothing ends there", async () => {
    const before = await recent({}, { begun: left(copyOf(0)) });
    const { ec2, asked } = estate({ copies: [point("copy-0", 0, "snap-0")] });
    const { isFollowUp, isLeaning } = await look(ec2, own, before);
    expect({ isFollowUp, isLeaning }).to.deep.equal({ isFollowUp: false, isLeaning: true });
    expect(asked()).to.deep.equal(["dr Snapshots"]);
  });

  it("reads the rest too, and nothing twice, when something may end or no slot is free", async () => {
    const ending = estate({ copies: [0, 1].map((hours) => point(`copy-${hours}`, hours, `snap-${hours}`)) });
    const seen = await look(ending.ec2, own, await recent({}, { begun: left(copyOf(0)) }));
    expect(seen).to.include({ isFollowUp: false, isLeaning: false });
    expect(ending.asked().toSorted()).to.deep.equal([...least, "dr Images"].toSorted());
    const slotless = Array.from({ length: 18 }, () => ({ State: "pending", TransferType: "standard" }));
    const full = estate({ pending: slotless });
    expect((await look(full.ec2, own, await recent({}))).isLeaning).to.equal(false);
    expect(full.asked().toSorted()).to.deep.equal(copying);
  });

  it("starts nothing by a look that did not see a home region, or while it cannot see its own", async () => {
    const seen = await recent({});
    const worldsBefore = seen.worlds.map((world) => ({
      ...world,
      regions: { ...world.regions, [HOME]: { complete: false as const, reason: "gone" } },
    }));
    const blind = { ...seen, worlds: worldsBefore };
    const { ec2 } = estate({});
    expect((await look(ec2, own, blind)).isFollowUp).to.equal(false);
    const before = await recent({});
    const { ec2: broken } = cloud({ [DR]: { DescribeSnapshots: () => Promise.reject(new Error("down")) } });
    const { worlds, isFollowUp } = await look(broken, own, before);
    expect(isFollowUp).to.equal(false);
    expect(worlds[0]?.regions[DR]).to.deep.equal({ complete: false, reason: "Error: down" });
  });
});
