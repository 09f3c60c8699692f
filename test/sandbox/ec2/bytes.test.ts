import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, eventually, failure, given, startEc2 } from "./harness.js";

const EAST = "us-east-1";
const MIB = 1024 ** 2;

describe("sandbox EC2: bytes and state", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client(EAST);
  });
  afterEach(() => ec2.stop());

  const create = async (more: { Size?: number; SnapshotId?: string } = { Size: 1 }): Promise<string> => {
    const made = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", ...more }));
    return given(made.VolumeId);
  };
  const snapshot = async (VolumeId: string): Promise<string> =>
    given((await east.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId);
  const contents = (): string[] => readdirSync(join(ec2.dir, "bytes"));

  it("reads zeros where nothing was written, and what was written", async () => {
    const id = await create();
    expect(contents()).to.deep.equal([]);
    expect((await ec2.plane.readVolume(EAST, id, 5, 3)).equals(Buffer.alloc(3))).to.equal(true);
    await ec2.plane.writeVolume(EAST, id, 1024 ** 3 - 4, Buffer.from("tail"));
    expect((await ec2.plane.readVolume(EAST, id, 1024 ** 3 - 6, 6)).toString()).to.equal("\0\0tail");
  });

  it("tells where a snapshot has bytes other than zero", async () => {
    const id = await create();
    const empty = await snapshot(id);
    const block = 64 * 1024;
    await ec2.plane.writeVolume(EAST, id, 3 * block - 1, Buffer.from("ab"));
    await ec2.plane.writeVolume(EAST, id, 9 * MIB, Buffer.alloc(MIB));
    await ec2.plane.writeVolume(EAST, id, 1024 ** 3 - 1, Buffer.from("z"));
    const written = await snapshot(id);
    expect(await ec2.plane.snapshotRanges(EAST, empty)).to.deep.equal([]);
    expect(await ec2.plane.snapshotRanges(EAST, written), "zeros that were written are zeros").to.deep.equal([
      { offset: 2 * block, length: 2 * block },
      { offset: 1024 ** 3 - block, length: block },
    ]);
    const unknown = await ec2.plane.snapshotRanges(EAST, "snap-1").catch((error: Error) => error.name);
    expect(unknown).to.equal("DiskError");
  });

  it("refuses what is outside of the disk, too much at once, and unknown disks", async () => {
    const id = await create();
    const message = (call: Promise<unknown>) =>
      call.then(
        () => "no error",
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(await message(ec2.plane.readVolume(EAST, id, 1024 ** 3 - 1, 2))).to.match(/^DiskError: .*beyond its end/);
    expect(await message(ec2.plane.writeVolume(EAST, id, -1, Buffer.from("x")))).to.contain("whole numbers");
    expect(await message(ec2.plane.readVolume(EAST, id, 0, 65 * MIB))).to.contain("at a time");
    expect(await message(ec2.plane.readVolume("us-west-2", id, 0, 1))).to.contain("no volume");
    expect(await message(ec2.plane.readSnapshot(EAST, "snap-1", 0, 1))).to.contain("no snapshot");
  });

  it("keeps the content of the call in snapshot, copy and restored volume", async () => {
    const source = await create();
    await ec2.plane.writeVolume(EAST, source, MIB, Buffer.from("first"));
    const taken = await snapshot(source);
    await ec2.plane.writeVolume(EAST, source, MIB, Buffer.from("later"));
    expect((await ec2.plane.readSnapshot(EAST, taken, MIB, 5)).toString()).to.equal("first");
    expect((await ec2.plane.readVolume(EAST, source, MIB, 5)).toString()).to.equal("later");
    ec2.advance(1000);
    const west = ec2.client("us-west-2");
    const copied = await west.send(new CopySnapshotCommand({ SourceRegion: EAST, SourceSnapshotId: taken }));
    const copy = given(copied.SnapshotId);
    ec2.advance(1500);
    await east.send(new DeleteSnapshotCommand({ SnapshotId: taken }));
    await east.send(new DeleteVolumeCommand({ VolumeId: source }));
    const restored = await west.send(new CreateVolumeCommand({ AvailabilityZone: "us-west-2b", SnapshotId: copy }));
    const id = given(restored.VolumeId);
    expect((await ec2.plane.readVolume("us-west-2", id, MIB - 1, 7)).toString()).to.equal("\0first\0");
    await ec2.plane.writeVolume("us-west-2", id, MIB, Buffer.from("FIRST"));
    expect((await ec2.plane.readSnapshot("us-west-2", copy, MIB, 5)).toString()).to.equal("first");
    const described = await west.send(new DescribeSnapshotsCommand({ SnapshotIds: [copy] }));
    expect(described.Snapshots?.[0]?.FullSnapshotSizeInBytes).to.be.greaterThan(0);
  });

  it("shares one file until a write, and removes it with its last owner", async () => {
    const id = await create();
    await ec2.plane.writeVolume(EAST, id, 0, Buffer.from("a"));
    const taken = await snapshot(id);
    await snapshot(id);
    expect(contents()).to.have.length(1);
    await ec2.plane.writeVolume(EAST, id, 1, Buffer.from("b"));
    expect(contents()).to.have.length(2);
    await ec2.plane.writeVolume(EAST, id, 2, Buffer.from("c"));
    expect(contents()).to.have.length(2);
    expect((await ec2.plane.readVolume(EAST, id, 0, 3)).toString()).to.equal("abc");
    await east.send(new DeleteVolumeCommand({ VolumeId: id }));
    expect(contents()).to.have.length(1);
    expect((await ec2.plane.readSnapshot(EAST, taken, 0, 3)).toString()).to.equal("a\0\0");
    await ec2.plane.reset();
    expect(contents()).to.deep.equal([]);
  });

  it("is crash-consistent over a set while writes race", async () => {
    const run = await east.send(
      new RunInstancesCommand({
        ImageId: "ami-12345678",
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: ["/dev/sdf", "/dev/sdg"].map((DeviceName) => ({ DeviceName, Ebs: { VolumeSize: 1 } })),
      }),
    );
    const InstanceId = given(run.Instances?.[0]?.InstanceId);
    const Filters = [
      { Name: "attachment.instance-id", Values: [InstanceId] },
      { Name: "attachment.device", Values: ["/dev/sd?"] },
    ];
    const seen = await east.send(new DescribeVolumesCommand({ Filters }));
    const [log, data] = given(seen.Volumes).map((volume) => given(volume.VolumeId));
    let stop = false;
    const writer = (async () => {
      // A write to the data disk is begun only when the log says so.
      for (let i = 1; !stop; i++) {
        const block = Buffer.alloc(64 * 1024, i % 251);
        await ec2.plane.writeVolume(EAST, given(log), 0, block);
        await ec2.plane.writeVolume(EAST, given(data), 0, block);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const sets: string[][] = [];
    while (sets.length < 15) {
      const set = await east.send(
        new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId, ExcludeBootVolume: true } }),
      );
      sets.push(given(set.Snapshots).map((one) => given(one.SnapshotId)));
      ec2.advance(1000);
    }
    stop = true;
    await writer;
    for (const [logSnapshot, dataSnapshot] of sets) {
      const before = await ec2.plane.readSnapshot(EAST, given(logSnapshot), 0, 64 * 1024);
      const after = await ec2.plane.readSnapshot(EAST, given(dataSnapshot), 0, 64 * 1024);
      const [first = 0, second = 0] = [before[0], after[0]];
      expect(before.equals(Buffer.alloc(before.length, first)), "no torn write").to.equal(true);
      expect(after.equals(Buffer.alloc(after.length, second)), "no torn write").to.equal(true);
      expect([second, (second + 1) % 251], "the log is never behind the data").to.include(first);
    }
  });

  it("has everything after it was killed, and goes on with what was pending", async () => {
    const id = await create({ Size: 7 });
    await ec2.plane.writeVolume(EAST, id, 10, Buffer.from("kept"));
    const taken = await snapshot(id);
    await ec2.restart("kill");
    const { Snapshots } = await east.send(new DescribeSnapshotsCommand({ SnapshotIds: [taken] }));
    expect(Snapshots?.[0]).to.include({ State: "pending", VolumeSize: 7 });
    expect((await ec2.plane.readSnapshot(EAST, taken, 10, 4)).toString()).to.equal("kept");
    ec2.events.length = 0;
    ec2.advance(1000);
    expect(ec2.events.map((event) => event.detail["result"])).to.deep.equal(["succeeded"]);
    await ec2.restart();
    const again = await east.send(new DescribeSnapshotsCommand({}));
    expect(again.Snapshots?.map((one) => [one.SnapshotId, one.State])).to.deep.equal([[taken, "completed"]]);
    // New resources come after the old ones.
    const next = await snapshot(id);
    const both = await east.send(new DescribeSnapshotsCommand({}));
    expect(both.Snapshots?.map((one) => one.SnapshotId)).to.deep.equal([taken, next]);
  });

  it("ignores a half line that a killed daemon left, and refuses foreign state", async () => {
    const id = await create();
    await ec2.plane.close();
    appendFileSync(join(ec2.dir, "state.jsonl"), '[{"put":{"id":"vol-');
    await ec2.restart();
    expect((await east.send(new DescribeVolumesCommand({}))).Volumes?.map((one) => one.VolumeId)).to.deep.equal([id]);
    await create();
    await ec2.restart();
    expect((await east.send(new DescribeVolumesCommand({}))).Volumes).to.have.length(2);
    await ec2.plane.close();
    const file = join(ec2.dir, "state.jsonl");
    const ours = readFileSync(file, "utf8");
    writeFileSync(file, "something else\n");
    const refused = await ec2.restart("kill").then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(refused).to.contain("not state of this version");
    writeFileSync(file, ours);
    await ec2.restart("kill");
  });

  it("sends events by itself, without a request, also after a restart", async () => {
    await ec2.stop();
    ec2 = await startEc2({ snapshotMillis: 30 }, Date.now);
    east = ec2.client(EAST);
    const id = await create();
    const taken = await snapshot(id);
    await eventually(() => ec2.events.find((event) => event.resources[0]?.endsWith(taken)));
    ec2.plane.settings.snapshotMillis = 60;
    const second = await snapshot(id);
    await ec2.restart();
    expect(ec2.events).to.have.length(1);
    await eventually(() => ec2.events.find((event) => event.resources[0]?.endsWith(second)));
  });

  it("forgets everything on reset", async () => {
    const id = await create();
    const taken = await snapshot(id);
    await ec2.plane.reset();
    ec2.advance(5000);
    expect(ec2.events).to.deep.equal([]);
    expect((await failure(east.send(new DescribeVolumesCommand({ VolumeIds: [id] })))).code).to.equal(
      "InvalidVolume.NotFound",
    );
    await ec2.restart();
    const gone = await failure(east.send(new DescribeSnapshotsCommand({ SnapshotIds: [taken] })));
    expect(gone.code).to.equal("InvalidSnapshot.NotFound");
  });
});
