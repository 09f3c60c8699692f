import {
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  RunInstancesCommand,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, START, startEc2 } from "./harness.js";

describe("sandbox EC2: snapshots", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2({ snapshotMillis: 1000, copyMillis: 1500 });
    east = ec2.client("us-east-1");
  });
  afterEach(() => ec2.stop());

  const volume = async (size = 1): Promise<string> => {
    const made = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: size }));
    return given(made.VolumeId);
  };
  const look = async (id: string, client = east): Promise<Snapshot> =>
    given((await client.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0]);

  it("goes from pending with growing progress to completed, and sends its event then", async () => {
    const source = await volume(3);
    const made = await east.send(
      new CreateSnapshotCommand({
        VolumeId: source,
        Description: "a <b> & 'c'",
        TagSpecifications: [{ ResourceType: "snapshot", Tags: [{ Key: "Name", Value: "x" }] }],
      }),
    );
    expect(made).to.include({
      State: "pending",
      Progress: "",
      VolumeSize: 3,
      Description: "a <b> & 'c'",
      VolumeId: source,
    });
    expect(made.Tags).to.deep.equal([{ Key: "Name", Value: "x" }]);
    const id = given(made.SnapshotId);
    expect(id).to.match(/^snap-[0-9a-f]{17}$/);
    ec2.advance(370);
    expect(await look(id)).to.include({ State: "pending", Progress: "37%" });
    expect(ec2.events).to.deep.equal([]);
    ec2.advance(630);
    const done = await look(id);
    expect(done).to.include({ State: "completed", Progress: "100%", StorageTier: "standard" });
    expect(done.CompletionTime?.getTime()).to.equal(START + 1000);
    expect(done.TransferType).to.equal(undefined);
    const arn = `arn:aws:ec2:us-east-1::snapshot/${id}`;
    expect(ec2.events).to.deep.equal([
      {
        source: "aws.ec2",
        detailType: "EBS Snapshot Notification",
        region: "us-east-1",
        resources: [arn],
        time: START + 1000,
        detail: {
          event: "createSnapshot",
          result: "succeeded",
          cause: "",
          "request-id": "",
          snapshot_id: arn,
          source: `arn:aws:ec2:us-east-1::volume/${source}`,
          startTime: "2026-01-31T12:00:00Z",
          endTime: "2026-01-31T12:00:01Z",
        },
      },
    ]);
  });

  it("fails a pending snapshot on demand, with its event", async () => {
    const { SnapshotId } = await east.send(new CreateSnapshotCommand({ VolumeId: await volume() }));
    ec2.plane.failSnapshot("us-east-1", given(SnapshotId), "disk on fire");
    expect(await look(given(SnapshotId))).to.include({ State: "error", StateMessage: "disk on fire" });
    expect(ec2.events.map((event) => event.detail["result"])).to.deep.equal(["failed"]);
    expect(ec2.events[0]?.detail["cause"]).to.equal("disk on fire");
    ec2.advance(5000);
    expect(ec2.events).to.have.length(1);
  });

  it("keeps a pending snapshot that is deleted until it has ended", async () => {
    const { SnapshotId } = await east.send(new CreateSnapshotCommand({ VolumeId: await volume() }));
    const id = given(SnapshotId);
    await east.send(new DeleteSnapshotCommand({ SnapshotId: id }));
    expect((await look(id)).State).to.equal("pending");
    ec2.advance(1000);
    expect((await failure(look(id))).code).to.equal("InvalidSnapshot.NotFound");
    expect(ec2.events).to.have.length(1);
  });

  it("limits pending snapshots per volume and per region", async () => {
    const busy = await volume();
    for (let i = 0; i < 5; i++) await east.send(new CreateSnapshotCommand({ VolumeId: busy }));
    const tooMany = await failure(east.send(new CreateSnapshotCommand({ VolumeId: busy })));
    expect(tooMany.code).to.equal("ConcurrentSnapshotLimitExceeded");
    for (let volumes = 1; volumes < 20; volumes++) {
      const VolumeId = await volume();
      for (let i = 0; i < 5; i++) await east.send(new CreateSnapshotCommand({ VolumeId }));
    }
    const full = await failure(east.send(new CreateSnapshotCommand({ VolumeId: await volume() })));
    expect(full.code).to.equal("PendingSnapshotLimitExceeded");
    ec2.advance(1000);
    await east.send(new CreateSnapshotCommand({ VolumeId: busy }));
    ec2.plane.settings.snapshots = 101;
    expect((await failure(east.send(new CreateSnapshotCommand({ VolumeId: busy })))).code).to.equal(
      "SnapshotLimitExceeded",
    );
  });

  describe("of an instance", () => {
    let instance: string;
    let devices: Map<string, string>;

    beforeEach(async () => {
      const run = await east.send(
        new RunInstancesCommand({
          ImageId: "ami-0123456789abcdef0",
          InstanceType: "t3.micro",
          MinCount: 1,
          MaxCount: 1,
          BlockDeviceMappings: [
            { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 2 } },
            { DeviceName: "/dev/sdg", Ebs: { VolumeSize: 3 } },
          ],
          TagSpecifications: [{ ResourceType: "volume", Tags: [{ Key: "App", Value: "db" }] }],
        }),
      );
      instance = given(run.Instances?.[0]?.InstanceId);
      const seen = await east.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
      const mappings = seen.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
      devices = new Map(mappings.map((mapping) => [given(mapping.DeviceName), given(mapping.Ebs?.VolumeId)]));
    });

    it("takes one set with common tags, copied tags and one event", async () => {
      await east.send(
        new CreateTagsCommand({ Resources: [given(devices.get("/dev/sdf"))], Tags: [{ Key: "Own", Value: "f" }] }),
      );
      const set = await east.send(
        new CreateSnapshotsCommand({
          InstanceSpecification: { InstanceId: instance },
          Description: "set",
          CopyTagsFromSource: "volume",
          TagSpecifications: [{ ResourceType: "snapshot", Tags: [{ Key: "Point", Value: "1" }] }],
        }),
      );
      const snapshots = given(set.Snapshots);
      expect(snapshots.map((one) => one.VolumeId)).to.deep.equal([...devices.values()]);
      expect(snapshots.map((one) => one.State)).to.deep.equal(["pending", "pending", "pending"]);
      expect(new Set(snapshots.map((one) => one.StartTime?.getTime()))).to.deep.equal(new Set([START]));
      const tags = new Map(
        snapshots.map((one) => [one.VolumeId, one.Tags?.map((tag) => `${tag.Key}=${tag.Value}`).sort()]),
      );
      expect(tags.get(devices.get("/dev/sdf"))).to.deep.equal(["App=db", "Own=f", "Point=1"]);
      expect(tags.get(devices.get("/dev/sdg"))).to.deep.equal(["App=db", "Point=1"]);
      ec2.advance(1000);
      expect(ec2.events).to.have.length(1);
      const [event] = ec2.events;
      expect(event?.detailType).to.equal("EBS Multi-Volume Snapshots Completion Status");
      expect(event?.detail["event"]).to.equal("createSnapshots");
      expect(event?.detail["result"]).to.equal("succeeded");
      expect(event?.detail["snapshots"]).to.deep.equal(
        snapshots.map((one) => ({
          snapshot_id: `arn:aws:ec2::us-east-1:snapshot/${one.SnapshotId}`,
          source: `arn:aws:ec2::us-east-1:volume/${one.VolumeId}`,
          status: "completed",
        })),
      );
    });

    it("fails the whole set when one snapshot fails", async () => {
      const set = await east.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instance } }));
      const ids = given(set.Snapshots).map((one) => given(one.SnapshotId));
      ec2.plane.failSnapshot("us-east-1", given(ids[1]), "broken");
      const seen = await east.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
      expect(seen.Snapshots?.map((one) => one.State)).to.deep.equal(["error", "error", "error"]);
      expect(ec2.events).to.have.length(1);
      expect(ec2.events[0]?.detail["result"]).to.equal("failed");
      expect(ec2.events[0]?.detail["cause"]).to.equal(`Snapshot ${ids[1]} is in status error`);
    });

    it("leaves out the boot volume and excluded data volumes", async () => {
      const InstanceSpecification = {
        InstanceId: instance,
        ExcludeBootVolume: true,
        ExcludeDataVolumeIds: [given(devices.get("/dev/sdf"))],
      };
      const set = await east.send(new CreateSnapshotsCommand({ InstanceSpecification }));
      expect(set.Snapshots?.map((one) => one.VolumeId)).to.deep.equal([devices.get("/dev/sdg")]);
    });

    it("refuses the root as a data volume, more than 40 excludes, and an empty set", async () => {
      const create = (ExcludeDataVolumeIds: string[], ExcludeBootVolume = false) =>
        failure(
          east.send(
            new CreateSnapshotsCommand({
              InstanceSpecification: { InstanceId: instance, ExcludeBootVolume, ExcludeDataVolumeIds },
            }),
          ),
        );
      const [root = "", ...data] = [...devices.values()];
      expect(await create([root])).to.include({ code: "InvalidParameterValue" });
      expect((await create([root])).message).to.contain("ExcludeBootVolume");
      const many = Array.from({ length: 41 }, (_, i) => `vol-${String(i).padStart(17, "0")}`);
      expect((await create(many)).message).to.contain("40");
      expect((await create(data, true)).message).to.contain("no volumes");
      expect((await create(["vol-0000000000000000f"])).message).to.contain("not attached");
      expect(await east.send(new DescribeSnapshotsCommand({})).then((seen) => seen.Snapshots)).to.deep.equal([]);
    });

    it("makes no snapshot when copied and given tags are more than 50", async () => {
      const Tags = Array.from({ length: 49 }, (_, i) => ({ Key: `k${i}`, Value: "v" }));
      await east.send(new CreateTagsCommand({ Resources: [given(devices.get("/dev/sdf"))], Tags }));
      const refused = await failure(
        east.send(
          new CreateSnapshotsCommand({
            InstanceSpecification: { InstanceId: instance },
            CopyTagsFromSource: "volume",
            TagSpecifications: [{ ResourceType: "snapshot", Tags: [{ Key: "one", Value: "more" }] }],
          }),
        ),
      );
      expect(refused.code).to.equal("TagLimitExceeded");
      expect((await east.send(new DescribeSnapshotsCommand({}))).Snapshots).to.deep.equal([]);
    });
  });
});
