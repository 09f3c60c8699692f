import {
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeVolumesCommand,
  DisableImageCommand,
  type EC2Client,
  EnableImageCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";

const REGION = "us-east-1";
const PUBLIC = "ami-0123456789abcdef0";

describe("sandbox EC2: AMIs of the account", () => {
  let ec2: Ec2Harness;
  let client: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2({ snapshotMillis: 1000 });
    client = ec2.client(REGION);
  });
  afterEach(() => ec2.stop());

  const snapshot = async (): Promise<string> => {
    const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 3 }));
    const { SnapshotId } = await client.send(new CreateSnapshotCommand({ VolumeId }));
    ec2.advance(1000);
    return given(SnapshotId);
  };
  const register = async (Name: string, SnapshotId: string): Promise<string> => {
    const Mappings = [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }];
    const root = { RootDeviceName: "/dev/xvda", BlockDeviceMappings: Mappings };
    const TagSpecifications = [{ ResourceType: "image" as const, Tags: [{ Key: "App", Value: "shop" }] }];
    const made = { Name, Architecture: "arm64" as const, VirtualizationType: "hvm", TagSpecifications, ...root };
    return given((await client.send(new RegisterImageCommand(made))).ImageId);
  };
  const own = async (more: DescribeImagesCommandInput = {}) =>
    (await client.send(new DescribeImagesCommand({ Owners: ["self"], ...more }))).Images ?? [];
  const stateOf = async (id: string) =>
    (await own({ IncludeDisabled: true })).find(({ ImageId }) => ImageId === id)?.State;
  const launch = (ImageId: string) => client.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1 }));
  const remove = (SnapshotId: string) => client.send(new DeleteSnapshotCommand({ SnapshotId }));

  it("are registered of snapshots, listed as the account's, and launched with them", async () => {
    const disk = await snapshot();
    const id = await register("mine", disk);
    const [image, ...others] = await own();
    expect(others).to.deep.equal([]);
    expect(image).to.deep.include({
      ImageId: id,
      Name: "mine",
      State: "available",
      Public: false,
      Architecture: "arm64",
    });
    expect(image?.BlockDeviceMappings?.map(({ Ebs }) => [Ebs?.SnapshotId, Ebs?.VolumeSize])).to.deep.equal([[disk, 3]]);
    expect(await own({ Filters: [{ Name: "tag:App", Values: ["shop"] }] })).to.have.length(1);
    expect(await own({ Owners: ["amazon"] })).to.have.length(2);
    const { Instances } = await launch(id);
    const Filters = [{ Name: "attachment.instance-id", Values: [given(Instances?.[0]?.InstanceId)] }];
    const { Volumes = [] } = await client.send(new DescribeVolumesCommand({ Filters }));
    expect(Volumes.map(({ SnapshotId, Size }) => [SnapshotId, Size])).to.deep.equal([[disk, 3]]);
    await ec2.restart();
    expect(await stateOf(id), "after a restart").to.equal("available");
  });

  it("keep their snapshots, disabled ones too, until they are deregistered", async () => {
    const disk = await snapshot();
    const id = await register("mine", disk);
    const inUse = { code: "InvalidSnapshot.InUse", message: `The snapshot ${disk} is currently in use by ${id}` };
    expect(await failure(remove(disk))).to.include(inUse);
    await client.send(new DisableImageCommand({ ImageId: id }));
    expect(await own()).to.deep.equal([]);
    expect(await stateOf(id)).to.equal("disabled");
    expect(await failure(remove(disk))).to.include(inUse);
    expect((await failure(launch(id))).code).to.equal("InvalidAMIID.Unavailable");
    await client.send(new EnableImageCommand({ ImageId: id }));
    expect(await stateOf(id)).to.equal("available");
    await client.send(new DeregisterImageCommand({ ImageId: id }));
    expect(await stateOf(id)).to.equal(undefined);
    expect((await failure(launch(id))).code).to.equal("InvalidAMIID.Unavailable");
    expect((await failure(client.send(new DeregisterImageCommand({ ImageId: id })))).code).to.equal(
      "InvalidAMIID.Unavailable",
    );
    await remove(disk);
  });

  it("are made of instances, wait for their snapshots, and fail with them", async () => {
    const { Instances } = await launch(PUBLIC);
    const InstanceId = given(Instances?.[0]?.InstanceId);
    const make = async (Name: string) =>
      given((await client.send(new CreateImageCommand({ InstanceId, Name, NoReboot: true }))).ImageId);
    const good = await make("good");
    expect(await stateOf(good)).to.equal("pending");
    ec2.advance(1000);
    expect(await stateOf(good)).to.equal("available");
    expect(ec2.events.at(-1)?.detail).to.include({ event: "createSnapshot", result: "succeeded" });
    ec2.plane.settings.endsInError = (_, event) => (event === "createImage" ? "disk on fire" : undefined);
    const bad = await make("bad");
    ec2.advance(1000);
    expect(await stateOf(bad)).to.equal("failed");
    const [failed] = (await own()).filter(({ ImageId }) => ImageId === bad);
    await remove(given(failed?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId));
  });

  it("are refused with AWS's codes", async () => {
    const disk = await snapshot();
    const id = await register("mine", disk);
    const codeOf = async (call: Promise<unknown>) => (await failure(call)).code;
    expect(await codeOf(register("mine", disk))).to.equal("InvalidAMIName.Duplicate");
    expect(await codeOf(register("no", disk))).to.equal("InvalidAMIName.Malformed");
    expect(await codeOf(register("other", "snap-00000000000000001"))).to.equal("InvalidSnapshot.NotFound");
    const none = "ami-00000000000000001";
    expect(await codeOf(client.send(new DisableImageCommand({ ImageId: none })))).to.equal("InvalidAMIID.NotFound");
    const noRoot = { Name: "rootless", RootDeviceName: "/dev/sda1", BlockDeviceMappings: [] };
    expect(await codeOf(client.send(new RegisterImageCommand(noRoot)))).to.equal("InvalidBlockDeviceMapping");
    expect(await stateOf(id)).to.equal("available");
  });
});
