import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyLaunchTemplateCommand,
  ModifySubnetAttributeCommand,
  type RequestLaunchTemplateData,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";

const AMI = "ami-0123456789abcdef0";

describe("sandbox EC2: launches in networks and from templates", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let VpcId: string;
  let SubnetId: string;
  let GroupId: string;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    VpcId = given((await east.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId);
    const subnet = { VpcId, CidrBlock: "10.0.1.0/28", AvailabilityZone: "us-east-1b" };
    SubnetId = given((await east.send(new CreateSubnetCommand(subnet))).Subnet?.SubnetId);
    const group = { GroupName: "web", Description: "d", VpcId };
    GroupId = given((await east.send(new CreateSecurityGroupCommand(group))).GroupId);
  });
  afterEach(() => ec2.stop());

  const run = (more: Partial<RunInstancesCommandInput>) =>
    east.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ...more }));
  const seen = async (id: string | undefined): Promise<Instance> => {
    const found = await east.send(new DescribeInstancesCommand({ InstanceIds: [given(id)] }));
    return given(found.Reservations?.[0]?.Instances?.[0]);
  };
  const launch = async (more: Partial<RunInstancesCommandInput>): Promise<Instance> =>
    seen((await run(more)).Instances?.[0]?.InstanceId);
  const makeTemplate = async (LaunchTemplateData: RequestLaunchTemplateData, LaunchTemplateName = "tier") =>
    given(
      (await east.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }))).LaunchTemplate
        ?.LaunchTemplateId,
    );

  it("puts instances and their volumes where the subnet is", async () => {
    const one = await launch({ ImageId: AMI, SubnetId, SecurityGroupIds: [GroupId] });
    expect(one).to.include({ VpcId, SubnetId, PrivateIpAddress: "10.0.1.4" });
    expect(one.Placement?.AvailabilityZone).to.equal("us-east-1b");
    expect(one.SecurityGroups).to.deep.equal([{ GroupId, GroupName: "web" }]);
    expect(one.NetworkInterfaces?.[0]).to.include({ SubnetId, PrivateIpAddress: "10.0.1.4", Status: "in-use" });
    const Filters = [{ Name: "attachment.instance-id", Values: [given(one.InstanceId)] }];
    const { Volumes = [] } = await east.send(new DescribeVolumesCommand({ Filters }));
    expect(Volumes.map(({ AvailabilityZone }) => AvailabilityZone)).to.deep.equal(["us-east-1b"]);
    const next = await launch({ ImageId: AMI, SubnetId });
    expect(next.PrivateIpAddress).to.equal("10.0.1.5");
    expect(next.SecurityGroups?.map(({ GroupName }) => GroupName)).to.deep.equal(["default"]);
    const found = await east.send(
      new DescribeInstancesCommand({ Filters: [{ Name: "instance.group-id", Values: [GroupId] }] }),
    );
    expect(found.Reservations?.[0]?.Instances?.map(({ InstanceId }) => InstanceId)).to.deep.equal([one.InstanceId]);
  });

  it("refuses places and addresses that cannot be", async () => {
    const asked = { ImageId: AMI, SubnetId };
    const elsewhere = await failure(run({ ...asked, Placement: { AvailabilityZone: "us-east-1a" } }));
    expect(elsewhere.code).to.equal("InvalidParameterValue");
    const foreign = await failure(run({ ImageId: AMI, SecurityGroupIds: [GroupId] }));
    expect(foreign.code).to.equal("InvalidParameter");
    const byName = await failure(run({ ...asked, SecurityGroups: ["web"] }));
    expect(byName.code).to.equal("InvalidParameterCombination");
    await run({ ...asked, PrivateIpAddress: "10.0.1.9" });
    const taken = await failure(run({ ...asked, PrivateIpAddress: "10.0.1.9" }));
    expect(taken.code).to.equal("InvalidIPAddress.InUse");
    expect((await failure(run({ ...asked, PrivateIpAddress: "10.0.1.3" }))).code).to.equal("InvalidParameterValue");
    // 16 addresses, of which AWS keeps 5 and one is taken.
    const full = await failure(run({ ...asked, MinCount: 11, MaxCount: 11 }));
    expect(full.code).to.equal("InsufficientFreeAddressesInSubnet");
    await run({ ...asked, MinCount: 10, MaxCount: 10 });
  });

  it("gives a public address in a public subnet, and another one at the next start", async () => {
    await east.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const first = await launch({ ImageId: AMI, SubnetId });
    expect(first.PublicIpAddress).to.match(/^198\.1[89]\./);
    expect(first.PublicDnsName).to.equal("");
    const InstanceIds = [given(first.InstanceId)];
    await east.send(new StopInstancesCommand({ InstanceIds }));
    expect((await seen(first.InstanceId)).PublicIpAddress).to.equal(undefined);
    await east.send(new StartInstancesCommand({ InstanceIds }));
    const again = await seen(first.InstanceId);
    expect(again.PublicIpAddress)
      .to.match(/^198\.1[89]\./)
      .and.not.equal(first.PublicIpAddress);
    expect(again.PrivateIpAddress).to.equal(first.PrivateIpAddress);
  });

  it("changes the security groups of an instance", async () => {
    const { InstanceId } = await launch({ ImageId: AMI, SubnetId });
    await east.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [GroupId] }));
    expect((await seen(InstanceId)).SecurityGroups).to.deep.equal([{ GroupId, GroupName: "web" }]);
  });

  it("launches what a template says, and what the launch says instead", async () => {
    const LaunchTemplateId = await makeTemplate({
      ImageId: AMI,
      InstanceType: "t4g.nano",
      SecurityGroupIds: [GroupId],
      UserData: Buffer.from("#!/bin/bash").toString("base64"),
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 2, VolumeType: "gp3" } },
        { DeviceName: "/dev/sdg", Ebs: { VolumeSize: 3, VolumeType: "gp3" } },
      ],
      TagSpecifications: [
        { ResourceType: "instance", Tags: [{ Key: "Tier", Value: "web" }] },
        { ResourceType: "volume", Tags: [{ Key: "Tier", Value: "web" }] },
      ],
    });
    const made = await launch({
      LaunchTemplate: { LaunchTemplateId },
      SubnetId,
      InstanceType: "t4g.micro",
      BlockDeviceMappings: [{ DeviceName: "/dev/sdg", Ebs: { VolumeSize: 5, VolumeType: "gp3" } }],
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "one" }] }],
    });
    expect(made).to.include({ ImageId: AMI, InstanceType: "t4g.micro" });
    expect(made.MetadataOptions).to.include({ HttpTokens: "required", HttpPutResponseHopLimit: 1 });
    expect(made.SecurityGroups?.map((one) => one.GroupId)).to.deep.equal([GroupId]);
    expect(made.Tags).to.have.deep.members([
      { Key: "Name", Value: "one" },
      { Key: "aws:ec2launchtemplate:id", Value: LaunchTemplateId },
      { Key: "aws:ec2launchtemplate:version", Value: "1" },
    ]);
    const Filters = [{ Name: "attachment.instance-id", Values: [given(made.InstanceId)] }];
    const { Volumes = [] } = await east.send(new DescribeVolumesCommand({ Filters }));
    expect(Volumes.map(({ Size }) => Size).sort()).to.deep.equal([2, 5, 8]);
    for (const { Tags } of Volumes) expect(Tags).to.deep.equal([{ Key: "Tier", Value: "web" }]);
  });

  it("has versions, of which one is the default", async () => {
    const LaunchTemplateId = await makeTemplate({ ImageId: AMI, InstanceType: "t4g.nano" });
    const LaunchTemplateData = { ImageId: AMI, InstanceType: "t4g.small" as const };
    const second = await east.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData, VersionDescription: "larger" }),
    );
    expect(second.LaunchTemplateVersion).to.deep.include({
      VersionNumber: 2,
      DefaultVersion: false,
      LaunchTemplateData,
    });
    const again = { LaunchTemplateId, LaunchTemplateData, ClientToken: "third" };
    const third = await east.send(new CreateLaunchTemplateVersionCommand(again));
    const same = await east.send(new CreateLaunchTemplateVersionCommand(again));
    expect(same.LaunchTemplateVersion).to.deep.equal(third.LaunchTemplateVersion);
    const typeOf = async (Version?: string) =>
      (await launch({ LaunchTemplate: { LaunchTemplateName: "tier", Version } })).InstanceType;
    expect([await typeOf(), await typeOf("$Latest"), await typeOf("1")]).to.deep.equal([
      "t4g.nano",
      "t4g.small",
      "t4g.nano",
    ]);
    await east.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: "2" }));
    expect(await typeOf()).to.equal("t4g.small");
    expect((await failure(typeOf("4"))).code).to.equal("InvalidLaunchTemplateId.VersionNotFound");
    const { LaunchTemplates: [seenTemplate] = [] } = await east.send(new DescribeLaunchTemplatesCommand({}));
    expect(seenTemplate).to.include({ DefaultVersionNumber: 2, LatestVersionNumber: 3 });
    const versions = await east.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
    expect(versions.LaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber)).to.deep.equal([3, 2, 1]);
    const named = { LaunchTemplateId, Versions: ["$Default"] };
    const { LaunchTemplateVersions: [standard] = [] } = await east.send(
      new DescribeLaunchTemplateVersionsCommand(named),
    );
    expect(standard?.VersionDescription).to.equal("larger");
    await east.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    expect((await failure(typeOf())).code).to.equal("InvalidLaunchTemplateName.NotFoundException");
  });

  it("shows a version as it was given", async () => {
    const LaunchTemplateData: RequestLaunchTemplateData = {
      ImageId: AMI,
      EbsOptimized: true,
      SecurityGroupIds: [GroupId],
      Monitoring: { Enabled: true },
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 9, DeleteOnTermination: true } }],
      TagSpecifications: [{ ResourceType: "volume", Tags: [{ Key: "a", Value: "b" }] }],
    };
    const LaunchTemplateId = await makeTemplate(LaunchTemplateData);
    const { LaunchTemplateVersions: [version] = [] } = await east.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }),
    );
    expect(version?.LaunchTemplateData).to.deep.equal(LaunchTemplateData);
  });

  it("names what it does not know in a template, and judges values at the launch", async () => {
    const unknown = await failure(makeTemplate({ ImageId: AMI, KeyName: "mine" }));
    expect(unknown.code).to.equal("UnknownParameter");
    expect(unknown.message).to.contain("LaunchTemplateData.KeyName");
    const data = { ImageId: AMI, BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 0 } }] };
    const LaunchTemplateId = await makeTemplate(data);
    expect((await failure(run({ LaunchTemplate: { LaunchTemplateId } }))).code).to.equal("InvalidBlockDeviceMapping");
    expect((await failure(makeTemplate(data))).code).to.equal("InvalidLaunchTemplateName.AlreadyExistsException");
  });
});
