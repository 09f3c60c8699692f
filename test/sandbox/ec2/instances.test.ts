import {
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";
import { AMI, machinesOf } from "./machines.js";

describe("sandbox EC2: instances", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let machines: ReturnType<typeof machinesOf>;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    machines = machinesOf(ec2, east);
  });
  afterEach(() => ec2.stop());

  it("launches with every block device, tags on instance and volumes", async () => {
    const { id, key } = await machines.encryptedSnapshot();
    const made = await machines.run({
      InstanceType: "t3.micro",
      Placement: { AvailabilityZone: "us-east-1b" },
      BlockDeviceMappings: [
        { DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20, VolumeType: "gp3", DeleteOnTermination: false } },
        { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 125, VolumeType: "st1", DeleteOnTermination: true } },
        { DeviceName: "/dev/sdg", Ebs: { SnapshotId: id } },
        { DeviceName: "/dev/sdh", NoDevice: "" },
      ],
      TagSpecifications: [
        { ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] },
        { ResourceType: "volume", Tags: [{ Key: "Backup", Value: "yes" }] },
      ],
    });
    const first = given(made.Instances?.[0]);
    expect(first.State?.Name).to.equal("pending");
    const seen = await machines.instance(given(first.InstanceId));
    expect(seen.State).to.deep.equal({ Code: 16, Name: "running" });
    expect(seen.Tags).to.deep.equal([{ Key: "Name", Value: "web" }]);
    expect(seen.Placement?.AvailabilityZone).to.equal("us-east-1b");
    expect(seen.RootDeviceName).to.equal("/dev/xvda");
    const mappings = seen.BlockDeviceMappings?.map((one) => [one.DeviceName, one.Ebs?.DeleteOnTermination]);
    expect(mappings).to.deep.equal([
      ["/dev/xvda", false],
      ["/dev/sdf", true],
      ["/dev/sdg", false],
    ]);
    const volumes = await machines.volumesOf(given(first.InstanceId));
    expect(volumes.map((one) => [one.Size, one.VolumeType, one.Encrypted, one.State, one.Iops])).to.deep.equal([
      [20, "gp3", false, "in-use", 3000],
      [125, "st1", false, "in-use", undefined],
      [4, "gp2", true, "in-use", 100],
    ]);
    expect(volumes[2]).to.deep.include({ SnapshotId: id, KmsKeyId: key, Tags: [{ Key: "Backup", Value: "yes" }] });
  });

  it("launches many of one reservation with a root volume each", async () => {
    const made = await machines.run({ MinCount: 2, MaxCount: 3 });
    expect(made.Instances?.map((one) => one.AmiLaunchIndex)).to.deep.equal([0, 1, 2]);
    const seen = await east.send(new DescribeInstancesCommand({}));
    expect(seen.Reservations).to.have.length(1);
    expect(seen.Reservations?.[0]?.ReservationId).to.equal(made.ReservationId);
    const volumes = await east.send(new DescribeVolumesCommand({}));
    expect(volumes.Volumes?.map((one) => one.Size)).to.deep.equal([8, 8, 8]);
  });

  it("launches once for one client token, and refuses it for another launch", async () => {
    const first = await machines.run({ ClientToken: "token-1" });
    const second = await machines.run({ ClientToken: "token-1" });
    expect(second.Instances?.[0]?.InstanceId).to.equal(first.Instances?.[0]?.InstanceId);
    expect(second.ReservationId).to.equal(first.ReservationId);
    const refused = await failure(machines.run({ ClientToken: "token-1", InstanceType: "m5.large" }));
    expect(refused.code).to.equal("IdempotentParameterMismatch");
    await ec2.restart();
    expect((await machines.run({ ClientToken: "token-1" })).ReservationId).to.equal(first.ReservationId);
    const same = { AvailabilityZone: "us-east-1a", Size: 2, ClientToken: "token-1" };
    const made = await east.send(new CreateVolumeCommand(same));
    expect((await east.send(new CreateVolumeCommand(same))).VolumeId).to.equal(made.VolumeId);
  });

  it("refuses launches that cannot be, by name", async () => {
    const refused = async (more: Partial<RunInstancesCommandInput>) => (await failure(machines.run(more))).code;
    expect(await refused({ ImageId: "image-1" })).to.equal("InvalidAMIID.Malformed");
    expect(await refused({ MinCount: 3 })).to.equal("InvalidParameterCombination");
    expect(await refused({ SubnetId: "subnet-12345678" })).to.equal("InvalidSubnetID.NotFound");
    expect(await refused({ SecurityGroupIds: ["sg-12345678"] })).to.equal("InvalidGroup.NotFound");
    expect(await refused({ KeyName: "mine" })).to.equal("InvalidKeyPair.NotFound");
    expect(await refused({ Placement: { AvailabilityZone: "us-west-2a" } })).to.equal("InvalidZone.NotFound");
    expect(await refused({ NetworkInterfaces: [{ DeviceIndex: 0 }] })).to.equal("UnknownParameter");
    expect((await failure(machines.run({ NetworkInterfaces: [{ DeviceIndex: 0 }] }))).message).to.contain(
      "NetworkInterface.1",
    );
    const device = (Ebs: object, DeviceName = "/dev/sdf") => refused({ BlockDeviceMappings: [{ DeviceName, Ebs }] });
    expect(await device({ SnapshotId: "snap-00000000000000001" })).to.equal("InvalidSnapshot.NotFound");
    expect(await device({ VolumeSize: 4 }, "/dev/xvda")).to.equal("InvalidBlockDeviceMapping");
    expect(await device({ VolumeType: "gp3" })).to.equal("MissingParameter");
    expect(await device({ VolumeSize: 8, VolumeType: "gp9" })).to.equal("UnknownVolumeType");
    expect(await refused({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", VirtualName: "ephemeral0" }] })).to.equal(
      "InvalidBlockDeviceMapping",
    );
    expect((await east.send(new DescribeVolumesCommand({}))).Volumes).to.deep.equal([]);
  });

  it("tells of a Spot Instance's lifecycle, finds it by that, and does not stop it", async () => {
    const spot = await machines.launch({
      InstanceMarketOptions: { MarketType: "spot", SpotOptions: { MaxPrice: "0.05" } },
    });
    const plain = await machines.launch();
    expect((await machines.instance(spot)).InstanceLifecycle).to.equal("spot");
    expect((await machines.instance(spot)).SpotInstanceRequestId).to.match(/^sir-[0-9a-f]{8}$/);
    expect(await machines.instance(plain)).to.not.have.property("InstanceLifecycle");
    const Filters = [{ Name: "instance-lifecycle", Values: ["spot"] }];
    const { Reservations = [] } = await east.send(new DescribeInstancesCommand({ Filters }));
    expect(Reservations.flatMap(({ Instances = [] }) => Instances.map((one) => one.InstanceId))).to.deep.equal([spot]);
    const stop = failure(east.send(new StopInstancesCommand({ InstanceIds: [spot] })));
    expect((await stop).code).to.equal("UnsupportedOperation");
    const persistent = machines.run({
      InstanceMarketOptions: { MarketType: "spot", SpotOptions: { SpotInstanceType: "persistent" } },
    });
    expect((await failure(persistent)).message).to.contain("one-time Spot Instances, not spot persistent");
  });

  it("stops, starts and terminates; volumes go or stay as DeleteOnTermination says", async () => {
    const id = await machines.launch({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 3 } }] });
    const stop = await east.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(stop.StoppingInstances?.[0]?.CurrentState?.Name).to.equal("stopping");
    expect(stop.StoppingInstances?.[0]?.PreviousState?.Name).to.equal("running");
    expect((await machines.instance(id)).State?.Name).to.equal("stopped");
    expect(await machines.volumesOf(id)).to.have.length(2);
    await east.send(new StartInstancesCommand({ InstanceIds: [id] }));
    expect((await machines.instance(id)).State?.Name).to.equal("running");
    const status = await east.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    expect(status.InstanceStatuses?.[0]?.SystemStatus?.Status).to.equal("ok");
    const end = await east.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(end.TerminatingInstances?.[0]?.CurrentState?.Name).to.equal("shutting-down");
    expect((await machines.instance(id)).State?.Name).to.equal("terminated");
    const left = await east.send(new DescribeVolumesCommand({}));
    expect(left.Volumes?.map((one) => [one.Size, one.State])).to.deep.equal([[3, "available"]]);
    expect((await failure(east.send(new StartInstancesCommand({ InstanceIds: [id] })))).code).to.equal(
      "IncorrectInstanceState",
    );
    ec2.advance(3_700_000);
    expect((await failure(machines.instance(id))).code).to.equal("InvalidInstanceID.NotFound");
  });

  it("shows and changes attributes, one at a time", async () => {
    const id = await machines.launch({
      DisableApiTermination: true,
      UserData: Buffer.from("#!/bin/sh").toString("base64"),
    });
    const held = await failure(east.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
    expect(held.code).to.equal("OperationNotPermitted");
    const data = await east.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" }));
    expect(Buffer.from(given(data.UserData?.Value), "base64").toString()).to.equal("#!/bin/sh");
    await east.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: false } }));
    const BlockDeviceMappings = [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: false } }];
    await east.send(new ModifyInstanceAttributeCommand({ InstanceId: id, BlockDeviceMappings }));
    const type = { InstanceId: id, InstanceType: { Value: "m5.large" } };
    expect((await failure(east.send(new ModifyInstanceAttributeCommand(type)))).code).to.equal(
      "IncorrectInstanceState",
    );
    await east.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect((await east.send(new DescribeVolumesCommand({}))).Volumes?.[0]?.State).to.equal("available");
  });

  it("has images: a small catalogue, and any well-formed id", async () => {
    const Filters = [
      { Name: "name", Values: ["al2023-ami-*"] },
      { Name: "architecture", Values: ["arm64"] },
    ];
    const found = await east.send(new DescribeImagesCommand({ Owners: ["amazon"], Filters }));
    expect(found.Images).to.have.length(1);
    const arm = given(found.Images?.[0]);
    expect(arm).to.include({ Architecture: "arm64", RootDeviceName: "/dev/xvda", State: "available" });
    expect((await machines.instance(await machines.launch({ ImageId: arm.ImageId }))).Architecture).to.equal("arm64");
    const any = await east.send(new DescribeImagesCommand({ ImageIds: [AMI] }));
    expect(any.Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).to.equal(8);
    expect((await east.send(new DescribeImagesCommand({ Owners: ["self"] }))).Images).to.deep.equal([]);
  });
});
