import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  type EC2Client,
  ModifyVolumeCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";
import { machinesOf } from "./machines.js";

describe("sandbox EC2: volumes", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let machines: ReturnType<typeof machinesOf>;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    machines = machinesOf(ec2, east);
  });
  afterEach(() => ec2.stop());

  const volume = async (Size = 1, zone = "a"): Promise<string> => {
    const made = await east.send(new CreateVolumeCommand({ AvailabilityZone: `us-east-1${zone}`, Size }));
    return given(made.VolumeId);
  };

  it("attaches and detaches within a zone, one device once", async () => {
    const id = await machines.launch();
    const one = await volume();
    const attach = (VolumeId: string, Device = "/dev/sdf") =>
      east.send(new AttachVolumeCommand({ InstanceId: id, VolumeId, Device }));
    expect((await attach(one)).State).to.equal("attaching");
    const seen = await east.send(new DescribeVolumesCommand({ VolumeIds: [one] }));
    expect(seen.Volumes?.[0]?.State).to.equal("in-use");
    expect(seen.Volumes?.[0]?.Attachments?.[0]).to.include({
      Device: "/dev/sdf",
      State: "attached",
      DeleteOnTermination: false,
    });
    expect((await failure(attach(one, "/dev/sdg"))).code).to.equal("VolumeInUse");
    expect((await failure(attach(await volume()))).message).to.contain("/dev/sdf is already in use");
    expect((await failure(attach(await volume(1, "b"), "/dev/sdg"))).code).to.equal("InvalidVolume.ZoneMismatch");
    expect((await failure(east.send(new DeleteVolumeCommand({ VolumeId: one })))).code).to.equal("VolumeInUse");
    const root = given(
      (await machines.volumesOf(id)).find((each) => each.Attachments?.[0]?.Device === "/dev/xvda")?.VolumeId,
    );
    expect((await failure(east.send(new DetachVolumeCommand({ VolumeId: root })))).code).to.equal(
      "OperationNotPermitted",
    );
    const elsewhere = new DetachVolumeCommand({ VolumeId: one, InstanceId: "i-00000000000000001" });
    expect((await failure(east.send(elsewhere))).code).to.equal("InvalidAttachment.NotFound");
    expect((await east.send(new DetachVolumeCommand({ VolumeId: one }))).State).to.equal("detaching");
    expect((await failure(east.send(new DetachVolumeCommand({ VolumeId: one })))).code).to.equal("IncorrectState");
    await east.send(new DeleteVolumeCommand({ VolumeId: one }));
    expect((await failure(attach(one))).code).to.equal("InvalidVolume.NotFound");
  });

  it("makes volumes from snapshots: size and encryption inherited, smaller refused", async () => {
    const { id, key } = await machines.encryptedSnapshot();
    const make = (more: object) => east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", ...more }));
    const made = await make({ SnapshotId: id, VolumeInitializationRate: 200 });
    expect(made).to.include({
      Size: 4,
      Encrypted: true,
      KmsKeyId: key,
      State: "creating",
      VolumeInitializationRate: 200,
    });
    expect((await make({ SnapshotId: id, Size: 6 })).Size).to.equal(6);
    expect((await failure(make({ SnapshotId: id, Size: 3 }))).code).to.equal("InvalidParameterValue");
    expect((await failure(make({ SnapshotId: id, Encrypted: false }))).code).to.equal("InvalidParameterValue");
    expect((await failure(make({}))).message).to.contain("size/snapshot");
    expect((await failure(make({ Size: 5, VolumeInitializationRate: 200 }))).code).to.equal("InvalidParameterValue");
    expect((await failure(make({ Size: 5, VolumeType: "io1" }))).code).to.equal("MissingParameter");
    expect((await failure(make({ Size: 5, VolumeType: "st1" }))).code).to.equal("InvalidParameterValue");
    expect((await failure(make({ Size: 5, Iops: 500 }))).code).to.equal("InvalidParameterCombination");
    const pending = await east.send(new CreateSnapshotCommand({ VolumeId: made.VolumeId }));
    expect(await failure(make({ SnapshotId: pending.SnapshotId }))).to.include({
      code: "IncorrectState",
      message: "Snapshot is in invalid state - pending",
    });
  });

  it("loses a volume with a bad key a moment later, and the instance that wanted one", async () => {
    const bad = { Size: 1, Encrypted: true, KmsKeyId: "alias/nobody" };
    const made = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", ...bad }));
    const Ebs = { VolumeSize: 1, Encrypted: true, KmsKeyId: "alias/nobody" };
    const id = await machines.launch({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs }] });
    ec2.plane.settle();
    await new Promise((resolve) => setImmediate(resolve));
    const gone = await failure(east.send(new DescribeVolumesCommand({ VolumeIds: [given(made.VolumeId)] })));
    expect(gone.code).to.equal("InvalidVolume.NotFound");
    const ended = await machines.instance(id);
    expect(ended.State?.Name).to.equal("terminated");
    expect(ended.StateReason?.Code).to.equal("Client.InternalError");
    expect((await east.send(new DescribeVolumesCommand({}))).Volumes).to.deep.equal([]);
    expect(ec2.events.map((event) => [event.detailType, event.detail["result"]])).to.deep.equal([
      ["EBS Volume Notification", "failed"],
      ["EBS Volume Notification", "failed"],
    ]);
  });

  it("grows volumes and changes their type", async () => {
    const id = await volume(10);
    const changed = await east.send(new ModifyVolumeCommand({ VolumeId: id, Size: 20, VolumeType: "gp3", Iops: 4000 }));
    expect(changed.VolumeModification).to.include({
      OriginalSize: 10,
      TargetSize: 20,
      TargetVolumeType: "gp3",
      TargetIops: 4000,
    });
    const [seen] = given((await east.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes);
    expect(seen).to.include({ Size: 20, VolumeType: "gp3", Iops: 4000, Throughput: 125, State: "available" });
    const smaller = await failure(east.send(new ModifyVolumeCommand({ VolumeId: id, Size: 5 })));
    expect(smaller.code).to.equal("InvalidParameterCombination");
  });
});
