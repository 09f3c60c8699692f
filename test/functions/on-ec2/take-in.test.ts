import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { takingIn } from "../../../automation/estate/taking-in.js";
import { readSettings } from "../../../core/config/settings.js";
import { mapFolder } from "../../../core/names/names.js";
import { ec2Tags } from "../../../kinds/ebs/aws/describe.js";
import { ebsImporter, snapshotsOf } from "../../../kinds/ebs/aws/import.js";
import { RULES } from "../../../kinds/rules.js";
import { given } from "../../sandbox/ec2/harness.js";
import { batchOf, EAST, MINUTE, SECOND, TwoRegions, WEST } from "./two-regions.js";

const THEIRS = {
  name: "theirs",
  select: { key: "Backup" },
  kinds: ["volume"],
  ebs: { source: "any" },
  retain: { count: 2 },
  copy: [{ region: WEST, retain: { count: 1 } }],
};

describe("snapshots that others make, on EC2", function () {
  this.timeout(300_000);
  let two: TwoRegions;
  let volume: string;
  beforeEach(async () => {
    two = await TwoRegions.start(1, [THEIRS]);
    volume = await makeVolume({ Backup: "yes" });
  });
  afterEach(() => two.stop());

  const makeVolume = async (tags: Record<string, string>): Promise<string> => {
    const Tags = ec2Tags({ Name: "by hand", ...tags });
    const TagSpecifications = [{ ResourceType: "volume" as const, Tags }];
    const command = new CreateVolumeCommand({ AvailabilityZone: `${EAST}a`, Size: 1, TagSpecifications });
    const { VolumeId } = await two.ec2.client(EAST).send(command);
    two.ec2.advance(MINUTE);
    return given(VolumeId);
  };
  /** As a person, or another tool, does it. */
  const snapshot = async (of = volume, tags: Record<string, string> = {}): Promise<string> => {
    const TagSpecifications =
      Object.keys(tags).length === 0 ? [] : [{ ResourceType: "snapshot" as const, Tags: ec2Tags(tags) }];
    const made = await two.ec2.client(EAST).send(new CreateSnapshotCommand({ VolumeId: of, TagSpecifications }));
    return given(made.SnapshotId);
  };
  const importers = () => new Map([["ebs", ebsImporter(two.ec2.client(EAST))]]);
  /** Events come as long as there are any; home hears first, as by the delay of the other queue. */
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; ) {
      two.ec2.advance(5 * SECOND);
      const news = two.news();
      await two.deliver(news);
      quiet = news.length === 0 ? quiet + 1 : 0;
    }
  };
  const all = async (region: string): Promise<Snapshot[]> => {
    const { Snapshots } = await two.ec2.client(region).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    return given(Snapshots);
  };
  const tagOf = (one: Snapshot | undefined, key: string) => one?.Tags?.find(({ Key }) => Key === key)?.Value;
  const ids = async () => (await all(EAST)).map((one) => one.SnapshotId);
  const sources = async () => (await all(WEST)).map((one) => tagOf(one, "lockstep:source"));

  it("C-F6 C-F7 C-F8 C-F11 C-F13: their event alone makes them points, and has them copied", async () => {
    const made = await snapshot();
    const planned = await takingIn(importers(), two.primary.settings, two.ec2.now());
    two.ec2.advance(5 * SECOND);
    const news = two.news();
    expect(news.map(({ detail }) => detail["event"])).to.deep.equal(["createSnapshot"]);
    await two.primary.trigger(batchOf(news));
    expect(two.primary.asked).to.have.length(1);
    await settle();
    await two.deliver(news);
    await settle();
    const [point] = await all(EAST);
    expect(tagOf(point, "lockstep:resource")).to.equal(volume);
    expect(tagOf(point, "lockstep:retain")).to.equal(`count=2 copies=${WEST}`);
    const [copy, ...more] = await all(WEST);
    expect(more).to.deep.equal([]);
    expect([tagOf(copy, "lockstep:source"), tagOf(copy, "lockstep:volume")]).to.deep.equal([made, volume]);
    expect(tagOf(copy, "lockstep:point")).to.equal(tagOf(point, "lockstep:point"));
    const { taken, refused } = planned;
    expect(taken.map(({ artifact: id, tags }) => [id, tags["lockstep:point"]])).to.deep.equal([
      [made, tagOf(point, "lockstep:point")],
    ]);
    expect(refused).to.deep.equal([]);
    const again = await takingIn(importers(), two.primary.settings, two.ec2.now());
    expect(again.taken, "a point already").to.deep.equal([]);
    const scheduled = Date.parse(given(tagOf(point, "lockstep:scheduled")));
    const [key = ""] = await two.primary.bucket.keys(mapFolder({ home: EAST, policy: "theirs", scheduled }));
    const id = tagOf(point, "lockstep:point");
    const [map] = (await two.primary.bucket.readLines(key)) ?? [];
    expect(map).to.deep.include({ policy: "theirs", resource: volume, home: EAST, point: id });
  });

  it("C-F3 C-F4 C-F10 C-F12 C-F17: they are counted, and the oldest go when their copies, or newer ones, are there", async () => {
    const made: string[] = [];
    for (let n = 0; n < 4; n++) {
      made.push(await snapshot());
      await settle();
      two.ec2.advance(16 * MINUTE);
      await two.tick();
      await settle();
    }
    await two.tick();
    expect(await ids()).to.have.members(made.slice(2));
    expect(await sources()).to.deep.equal(made.slice(3));
  });

  it("C-X1: one that fails evicts nobody, neither while it is taken in nor before", async () => {
    const good = [await snapshot(), await snapshot()];
    await settle();
    // Seen in progress by a tick, and failed before that: EBS says so in an event.
    const doomed = [await snapshot()];
    two.ec2.advance(1);
    two.ec2.plane.failSnapshot(EAST, given(doomed[0]), "Client.InternalError");
    doomed.push(await snapshot());
    await two.primary.execute("looks-in-between");
    two.ec2.plane.failSnapshot(EAST, given(doomed[1]), "Client.InternalError");
    await settle();
    two.ec2.advance(16 * MINUTE);
    await two.tick();
    const there = await all(EAST);
    expect(there.map((one) => one.SnapshotId)).to.include.members(good);
    const first = there.find((one) => one.SnapshotId === doomed[0]);
    expect(tagOf(first, "lockstep:point"), "failed, and never seen otherwise").to.equal(undefined);
    const second = there.find((one) => one.SnapshotId === doomed[1]);
    expect(tagOf(second, "lockstep:point"), "seen in progress").to.be.a("string");
  });

  it("a lost event is made up for by the tick", async () => {
    const made = await snapshot();
    two.ec2.advance(20 * MINUTE);
    two.news();
    await two.tick();
    two.ec2.advance(MINUTE);
    await two.tick();
    await settle();
    expect(await sources()).to.deep.equal([made]);
  });

  it("C-F1 C-X3 C-X5 F-S8: what is not selected, older, a copy, another's or not wanted is never touched", async () => {
    const client = two.ec2.client(EAST);
    const late = await makeVolume({});
    const old = [await snapshot(late), await snapshot(late)];
    two.ec2.advance(2 * 60 * MINUTE);
    await two.deliver(two.news());
    const other = await snapshot(volume, { "lockstep:deployment": "umbrella" });
    const unwanted = await snapshot(volume, { Backup: "no" });
    const first = await snapshot();
    two.ec2.advance(5 * SECOND);
    const copied = await client.send(new CopySnapshotCommand({ SourceRegion: EAST, SourceSnapshotId: first }));
    await client.send(new CreateTagsCommand({ Resources: [late], Tags: ec2Tags({ Backup: "yes" }) }));
    const young = await snapshot(late);
    await settle();
    two.ec2.advance(16 * MINUTE);
    await two.tick();
    await settle();
    const points = (await all(EAST)).filter((one) => tagOf(one, "lockstep:point") !== undefined);
    expect(points.map((one) => one.SnapshotId)).to.have.members([first, young]);
    expect(await ids()).to.include.members([...old, other, unwanted, given(copied.SnapshotId)]);
  });

  it("C-X9: asks for the own snapshots of its volumes, of 200 at a time, and for no others", async () => {
    const settings = readSettings(
      {
        role: "primary",
        deployment: "acme",
        region: EAST,
        peers: [WEST],
        policies: [THEIRS],
      },
      RULES,
    );
    const volumes = [volume];
    for (let n = 1; n < 201; n++) volumes.push(`vol-${String(n).padStart(17, "0")}`);
    await snapshot();
    two.ec2.asked.length = 0;
    expect(await snapshotsOf(two.ec2.client(EAST), volumes)).to.have.length(1);
    expect(two.ec2.asked).to.deep.equal([`${EAST} DescribeSnapshots`, `${EAST} DescribeSnapshots`]);
    const { taken } = await ebsImporter(two.ec2.client(EAST)).takingIn(settings, two.ec2.now());
    expect(taken.map(({ planned }) => planned.resource)).to.deep.equal([volume]);
  });
});
