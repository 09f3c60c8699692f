import { expect } from "chai";
import type { Settings } from "../../core/model.js";
import { planAll } from "../../core/planner.js";
import { surveyForController } from "../../functions/lib/controller-survey.js";
import { cloud, DR, HOME, policy, settings } from "./cloud.js";
import { NOW } from "./ec2-shapes.js";
import { AT, ATTACHED, type Estate, endings, estate, HOUR, instance, look, point, pointsOfVolume } from "./looks.js";

describe("the survey of a primary", () => {
  const reads = async (seen: Estate, more: Partial<Settings> = {}) => {
    const { ec2, asked } = estate(seen);
    const { worlds } = await look(ec2, settings("primary", more));
    return { asked: asked().toSorted(), world: worlds[0] };
  };
  const least = ["dr Snapshots", "home Instances", "home Snapshots"];

  it("reads instances and snapshots, and each list once, when there is nothing to do", async () => {
    const { asked, world } = await reads({ copies: [point("copy-1", 0, "snap-1")] });
    expect(asked).to.deep.equal(least);
    expect(world?.resources[0]?.volumes).to.deep.equal([
      { id: "vol-of-i-1", device: "/dev/sda1", boot: true, sizeGiB: 0, createdAt: NOW - 2 * HOUR, tags: {} },
    ]);
  });

  it("reads volumes when a point is due, also where the instance alone would make one believe that it is not", async () => {
    const { asked, world } = await reads({ home: [] });
    expect(asked).to.deep.equal([...least, "home Volumes"].toSorted());
    expect(world?.resources[0]?.volumes[0]).to.include({ sizeGiB: 8, createdAt: NOW - HOUR });
    // Attached a moment ago, made long before: the slot of the hour is owed.
    const attached = { ...ATTACHED, AttachTime: new Date(NOW) };
    const late = {
      ...instance("i-1"),
      BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { ...attached, VolumeId: "v" } }],
    };
    const { ec2, calls } = cloud({ [HOME]: { DescribeInstances: () => ({ Reservations: [{ Instances: [late] }] }) } });
    await look(ec2, settings("primary"));
    expect(calls.map(({ action }) => action)).to.include("DescribeVolumes");
  });

  for (const more of [{ exclude: { boot: true } }, { copyTags: true as const }, { kinds: ["volume" as const] }]) {
    it(`reads volumes where a policy looks at them: ${JSON.stringify(more)}`, async () => {
      const { asked } = await reads({}, { policies: [{ ...policy, ...more }] });
      expect(asked.filter((one) => one === "home Volumes")).to.have.length(1);
    });
  }

  it("reads AMIs of its own region when something there is to be deleted", async () => {
    const home = [0, 1, 2, 3].map((hours) => point(`snap-${hours}`, hours));
    const { asked } = await reads({ home, copies: [point("copy-0", 0, "snap-0")] });
    expect(asked).to.deep.equal([...least, "home Images"].toSorted());
  });

  it("reads locks of its own region where a set could be torn apart, and where a policy locks", async () => {
    const lock = { mode: "governance" as const, days: 30 };
    const wholly = (hours: number) =>
      ["a", "b"].map((volume) => {
        const one = point(`snap-${hours}-${volume}`, hours);
        const size = [...one.Tags.filter(({ Key }) => Key !== "lockstep:size"), { Key: "lockstep:size", Value: "2" }];
        return { ...one, VolumeId: `vol-${volume}`, Tags: size };
      });
    const copies = [point("copy-0", 0, "snap-0")];
    const single = [0, 1, 2, 3].map((hours) => point(`snap-${hours}`, hours));
    const sets = [0, 1, 2, 3].flatMap(wholly);
    const asksForLocks = async (home: readonly object[], more: Partial<Settings> = {}) =>
      (await reads({ home, copies }, more)).asked.includes("home LockedSnapshots");
    expect(await asksForLocks(single), "AWS refuses one that is locked, and that is all").to.equal(false);
    expect(await asksForLocks(sets)).to.equal(true);
    expect(await asksForLocks(single, { policies: [{ ...policy, lock }] })).to.equal(true);
    expect(await asksForLocks([point("snap-0", 0)], { policies: [{ ...policy, lock }] }), "to be locked").to.equal(
      true,
    );
    const old = { ...point("snap-0", 0), StartTime: new Date(NOW - 25 * HOUR) };
    expect(await asksForLocks([old], { policies: [{ ...policy, lock }] })).to.equal(false);
  });

  it("reads locks of its own region where they are known to keep what is to be deleted", async () => {
    const home = [0, 1, 2, 3].map((hours) => point(`snap-${hours}`, hours));
    const { ec2, asked } = estate({ home, copies: [point("copy-0", 0, "snap-0")] });
    await surveyForController({ ...AT, ec2, settings: settings("primary"), locked: true });
    expect(asked().toSorted()).to.deep.equal([...least, "home Images", "home LockedSnapshots"].toSorted());
  });

  it("reads volumes where points of some are left, so that none seems to be no more", async () => {
    const { asked, world } = await reads(pointsOfVolume());
    expect(asked).to.include("home Volumes");
    expect(world?.otherVolumes).to.deep.equal(["vol-9"]);
    expect(endings(world ? [world] : []))
      .to.include("policy-gone ")
      .and.not.include("resource-gone vol-9");
  });

  it("takes its region for unknown when the AMIs cannot be read, so that nothing is deleted", async () => {
    const home = [0, 1, 2, 3].map((hours) => point(`snap-${hours}`, hours));
    const { ec2 } = cloud({
      [HOME]: {
        DescribeSnapshots: () => ({ Snapshots: home }),
        DescribeImages: () => Promise.reject(new Error("no")),
      },
      [DR]: { DescribeSnapshots: () => ({ Snapshots: [point("copy-0", 0, "snap-0")] }) },
    });
    const { worlds } = await look(ec2, settings("primary"));
    expect(worlds[0]?.regions[HOME]).to.deep.equal({ complete: false, reason: "Error: no" });
  });
});

describe("the survey of a DR stack", () => {
  const own = settings("dr");
  const least = ["dr Snapshots", "home Instances", "home Snapshots"];
  const copying = [...least, "dr Pending"].toSorted();

  it("reads snapshots and instances, and each list once, when there is nothing to do", async () => {
    const { ec2, asked } = estate({ copies: [point("copy-1", 0, "snap-1")] });
    await look(ec2, own);
    expect(asked().toSorted()).to.deep.equal(least);
  });

  it("reads the copies of everybody, which take slots, when a copy is to be started", async () => {
    const { ec2, asked } = estate({ pending: [{ State: "pending", TransferType: "standard" }] });
    const { worlds, isFollowUp } = await look(ec2, own);
    expect(asked().toSorted()).to.deep.equal(copying);
    expect(isFollowUp).to.equal(false);
    expect(worlds[0]?.regions[DR]).to.include({ complete: true, copiesInFlight: 1 });
  });

  it("reads AMIs of its own region when something there is to be deleted", async () => {
    const copies = [0, 1, 2, 3, 4].map((hours) => point(`copy-${hours}`, hours, `snap-${hours}`));
    const { ec2, asked } = estate({ home: [point("snap-0", 0)], copies });
    await look(ec2, own);
    expect(asked().toSorted()).to.deep.equal([...least, "dr Images"].toSorted());
  });

  it("reads what a plan without slots needs too: a failed try stays only while a copy of its volume is to be started", async () => {
    const failed = { ...point("copy-2", 2, "snap-2"), State: "error" };
    const slotless = Array.from({ length: 20 }, () => ({ State: "pending", TransferType: "standard" }));
    const copies = [point("copy-1", 1, "snap-1"), failed];
    const { ec2, asked } = estate({ copies, pending: slotless });
    const { worlds } = await look(ec2, own);
    const deletes = planAll(worlds).filter((action) => action.do === "delete");
    expect(deletes.flatMap(({ snapshots }) => snapshots)).to.deep.equal(["copy-2"]);
    expect(asked().toSorted()).to.deep.equal([...copying, "dr Images"].toSorted());
  });
});
