import { CopySnapshotCommand, CreateSnapshotCommand, CreateTagsCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { SnapshotEvent } from "../../../sandbox/faults/endings.js";
import { given } from "../../sandbox/ec2/harness.js";
import { Cycle, EAST, intoWest, MINUTE, often, pointsOf, stack, tagsOf, WEST } from "./ec2-cycle.js";

const HOUR = 60 * MINUTE;

/** Rows of docs/safety.md, with the functions' own hands on an EC2 with AWS's rules. */
describe("safety rows on EC2", () => {
  let cycle: Cycle;
  let instance: Awaited<ReturnType<Cycle["launch"]>>;
  beforeEach(async () => {
    cycle = await Cycle.start();
    instance = await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  const points = async (state: string, region = EAST) => {
    const snapshots = await cycle.snapshotsIn(region);
    return pointsOf(snapshots.filter(({ State }) => State === state));
  };
  const failing = (wanted?: SnapshotEvent) => {
    cycle.ec2.plane.settings.endsInError = (_, event) => (event === wanted ? "EBS had a bad day" : undefined);
  };

  it("F-S1 F-S2 F-S3 C-X1: what fails pushes nothing out, however often, and the next good one does", async () => {
    const settings = stack({ policies: [often] });
    await cycle.reconcile(settings);
    const good = await points("completed");
    expect(good.size).to.equal(1);
    failing("createSnapshots");
    for (let day = 0; day < 4; day++) {
      cycle.ec2.advance(24 * HOUR);
      await cycle.reconcile(settings);
      await cycle.tidy(settings);
      expect(await points("completed")).to.deep.equal(good);
    }
    expect((await points("error")).size, "what failed is there to be looked at").to.be.greaterThan(0);
    failing();
    cycle.ec2.advance(24 * HOUR);
    await cycle.reconcile(settings);
    await cycle.tidy(settings);
    const after = await points("completed");
    expect(after.size).to.equal(1);
    expect(after).to.not.deep.equal(good);
  });

  it("F-S4 F-S5 C-P2 E-X4: a source waits for its copy, which is tried until it is there, and made once", async () => {
    const policies = [{ ...often, ...intoWest }];
    const [primary, dr] = [stack({ policies }), stack({ policies, role: "dr", region: WEST, peers: [EAST] })];
    const { bucket } = await cycle.reconcile(primary);
    const first = await points("completed");
    failing("copySnapshot");
    for (let tries = 0; tries < 3; tries++) {
      await cycle.reconcile(dr, bucket);
      cycle.ec2.advance(HOUR);
    }
    const made = await cycle.reconcile(primary);
    await cycle.tidy(primary);
    expect((await points("completed")).size, "both wait").to.equal(2);
    failing();
    for (let round = 0; round < 3; round++) {
      await cycle.reconcile(dr, made.bucket);
      await cycle.tidy(dr);
      cycle.ec2.advance(HOUR);
    }
    const copies = (await cycle.snapshotsIn(WEST)).filter(({ State }) => State === "completed");
    const sources = copies.map((one) => tagsOf(one)["lockstep:source"]);
    expect(sources).to.have.length(instance.volumes.size);
    expect(new Set(sources).size).to.equal(instance.volumes.size);
    await cycle.tidy(primary);
    const left = await points("completed");
    expect(left).to.deep.equal(pointsOf(copies));
    expect(left).to.not.deep.equal(first);
  });

  it("F-S8 C-X3 D1-X4: what others made is never deleted, whatever tags of ours it has", async () => {
    const settings = stack({ policies: [often] });
    await cycle.reconcile(settings);
    const [ours] = await cycle.snapshotsIn(EAST);
    const east = cycle.ec2.client(EAST);
    const VolumeId = given(instance.volumes.get("/dev/sdf"));
    const Resources: string[] = [];
    for (let i = 0; i < 2; i++) {
      Resources.push(given((await east.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId));
      cycle.ec2.advance(MINUTE);
    }
    // The first has all tags of a point but the one that says whose it is; the second is a copy within the region.
    const all = Object.entries(tagsOf(given(ours))).filter(([key]) => key !== "lockstep:deployment");
    const Tags = all.map(([Key, Value]) => ({ Key, Value }));
    await east.send(new CreateTagsCommand({ Resources: Resources.slice(0, 1), Tags }));
    const copied = new CopySnapshotCommand({ SourceRegion: EAST, SourceSnapshotId: given(ours?.SnapshotId) });
    Resources.push(given((await east.send(copied)).SnapshotId));
    for (let day = 0; day < 3; day++) {
      cycle.ec2.advance(24 * HOUR);
      await cycle.reconcile(settings);
      await cycle.tidy(settings);
    }
    const left = (await cycle.snapshotsIn(EAST)).map(({ SnapshotId }) => SnapshotId);
    expect(left).to.include.members(Resources);
    expect(left).to.have.length(Resources.length + instance.volumes.size);
  });

  it("F-S9 A-X9 E-X7: seven days are 168 hours, to the minute", async () => {
    const weekly = { ...often, schedule: "rate(1 hour)", retain: { age: "7d" } };
    const settings = stack({ policies: [weekly] });
    await cycle.reconcile(settings);
    const first = await points("completed");
    const begun = Math.min(...(await cycle.snapshotsIn(EAST)).map(({ StartTime }) => Number(StartTime)));
    const newestAfter = async (ms: number) => {
      cycle.ec2.advance(begun + ms - cycle.ec2.now());
      const east = stack({ policies: [{ ...weekly, schedule: "rate(1 minute)" }] });
      await cycle.reconcile(east);
      await cycle.tidy(settings);
      return points("completed");
    };
    const [name] = first;
    expect(await newestAfter(168 * HOUR - MINUTE)).to.include(name);
    expect(await newestAfter(168 * HOUR + MINUTE)).to.not.include(name);
  });

  it("F-S17 A-X11 C-X20: what left the selection goes on expiring, down to its last point", async () => {
    const settings = stack({ policies: [{ ...often, retain: { count: 3 } }] });
    for (let i = 0; i < 3; i++) {
      await cycle.reconcile(settings);
      cycle.ec2.advance(MINUTE);
    }
    expect((await points("completed")).size).to.equal(3);
    await cycle.tag(instance.id, { Backup: "no" });
    const [newest] = (await cycle.snapshotsIn(EAST)).toSorted((a, b) => Number(b.StartTime) - Number(a.StartTime));
    const elsewhere = stack({
      policies: [{ ...often, select: { key: "Backup", value: "often" }, retain: { count: 3 } }],
    });
    await cycle.tidy(elsewhere);
    expect((await points("completed")).size, "a slip can be mended").to.equal(3);
    cycle.ec2.advance(91 * 24 * HOUR);
    await cycle.tidy(elsewhere);
    expect(await points("completed")).to.deep.equal(pointsOf([given(newest)]));
  });
});
