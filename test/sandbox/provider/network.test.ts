import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DeleteRouteCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import * as aws from "@pulumi/aws";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { HOME } from "../../support/sandbox.js";
import { recordSteps, withEngine } from "./support.js";

/** What the program asks for; the tests change it between updates. */
const wanted = { port: 443, type: "t4g.nano", hostnames: false, ami: "ami-0123456789abcdef0", inBothGroups: false };

async function program() {
  const o = { provider: new aws.Provider("aws", { region: HOME, defaultTags: { tags: { app: "net" } } }) };
  const zones = aws.getAvailabilityZonesOutput({ state: "available" }, o);
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: wanted.hostnames }, o);
  const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id, tags: { Name: "gateway" } }, o);
  const subnet = (name: string, cidrBlock: string, mapPublicIpOnLaunch: boolean) =>
    new aws.ec2.Subnet(
      name,
      {
        vpcId: vpc.id,
        cidrBlock,
        mapPublicIpOnLaunch,
        availabilityZone: zones.names.apply(([, second]) => second ?? ""),
      },
      o,
    );
  const [open, closed] = [subnet("open", "10.0.0.0/24", true), subnet("closed", "10.0.1.0/24", false)];
  const eip = new aws.ec2.Eip("address", {}, o);
  const nat = new aws.ec2.NatGateway(
    "nat",
    { subnetId: open.id, allocationId: eip.allocationId },
    { ...o, dependsOn: gateway },
  );
  const table = (name: string, of: aws.ec2.Subnet, target: Partial<aws.ec2.RouteArgs>) => {
    const made = new aws.ec2.RouteTable(name, { vpcId: vpc.id }, o);
    new aws.ec2.RouteTableAssociation(name, { routeTableId: made.id, subnetId: of.id }, o);
    new aws.ec2.Route(name, { routeTableId: made.id, destinationCidrBlock: "0.0.0.0/0", ...target }, o);
  };
  table("open", open, { gatewayId: gateway.id });
  table("closed", closed, { natGatewayId: nat.id });
  const web = new aws.ec2.SecurityGroup("web", { vpcId: vpc.id }, o);
  const app = new aws.ec2.SecurityGroup("app", { vpcId: vpc.id, description: "the app tier" }, o);
  const port = { ipProtocol: "tcp", fromPort: wanted.port, toPort: wanted.port };
  new aws.vpc.SecurityGroupIngressRule("web", { securityGroupId: web.id, cidrIpv4: "0.0.0.0/0", ...port }, o);
  new aws.vpc.SecurityGroupIngressRule(
    "app",
    { securityGroupId: app.id, referencedSecurityGroupId: web.id, ...port },
    o,
  );
  new aws.vpc.SecurityGroupEgressRule("web", { securityGroupId: web.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }, o);
  const template = new aws.ec2.LaunchTemplate(
    "tier",
    {
      imageId: wanted.ami,
      instanceType: wanted.type,
      userData: Buffer.from("#!/bin/bash").toString("base64"),
      metadataOptions: { httpTokens: "required" },
      vpcSecurityGroupIds: [app.id],
      blockDeviceMappings: [
        { deviceName: "/dev/sdf", ebs: { volumeSize: 1, volumeType: "gp3", deleteOnTermination: "true" } },
      ],
    },
    o,
  );
  const instance = new aws.ec2.Instance(
    "instance",
    {
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      subnetId: closed.id,
      tags: { Name: "instance" },
      volumeTags: { Name: "instance" },
      ...(wanted.inBothGroups ? { vpcSecurityGroupIds: [web.id, app.id] } : {}),
    },
    o,
  );
  return {
    vpcId: vpc.id,
    subnetId: closed.id,
    table: vpc.mainRouteTableId,
    group: app.id,
    publicIp: nat.publicIp,
    zone: instance.availabilityZone,
    ami: instance.ami,
    privateIp: instance.privateIp,
    template: template.id,
  };
}

describe("networks by the provider stand-in", function () {
  this.timeout(300_000);
  const { sandbox, stack } = withEngine();
  const ec2 = () => sandbox.client(EC2Client, HOME);
  let estate: Stack;
  let out: Record<string, string>;

  before(async () => {
    estate = await stack("network", program);
  });
  const steps = async (): Promise<string[]> => {
    const { steps: seen, onEvent } = recordSteps();
    await estate.up({ onEvent });
    return seen;
  };

  it("are made with all that belongs to them", async () => {
    const { outputs } = await estate.up();
    out = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)]));
    expect(out).to.include({ zone: `${HOME}b`, ami: wanted.ami, privateIp: "10.0.1.4" });
    expect(out["table"]).to.match(/^rtb-[0-9a-f]{17}$/);
    const { Addresses = [] } = await ec2().send(new DescribeAddressesCommand({}));
    expect(Addresses.map(({ PublicIp }) => PublicIp)).to.deep.equal([out["publicIp"]]);
    const { SecurityGroupRules = [] } = await ec2().send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [out["group"] ?? ""] }] }),
    );
    expect(SecurityGroupRules, "nothing goes out unless a rule says so").to.have.length(1);
    expect(SecurityGroupRules[0]?.Tags).to.deep.equal([{ Key: "app", Value: "net" }]);
    const { Volumes = [] } = await ec2().send(new DescribeVolumesCommand({}));
    expect(Volumes.map(({ Size, AvailabilityZone }) => `${Size} ${AvailabilityZone}`)).to.have.members([
      `8 ${HOME}b`,
      `1 ${HOME}b`,
    ]);
  });

  it("are the same the second time, and to a refresh", async () => {
    expect(await steps()).to.deep.equal([]);
    const { summary } = await estate.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("change in place what can be changed in place", async () => {
    Object.assign(wanted, { port: 8443, hostnames: true, inBothGroups: true });
    expect(await steps()).to.have.members(["update vpc", "update web", "update app", "update instance"]);
    const { Reservations = [] } = await ec2().send(new DescribeInstancesCommand({}));
    expect(Reservations[0]?.Instances?.[0]?.SecurityGroups).to.have.length(2);
    expect(await steps()).to.deep.equal([]);
  });

  it("show drift to a refresh, and the next update mends it", async () => {
    const { vpcId = "", subnetId: SubnetId = "", group: GroupId = "" } = out;
    await ec2().send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    await ec2().send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: "app", Value: "other" }] }));
    const Filters = [{ Name: "association.subnet-id", Values: [SubnetId] }];
    const { RouteTables = [] } = await ec2().send(new DescribeRouteTablesCommand({ Filters }));
    const { RouteTableId } = RouteTables[0] ?? {};
    await ec2().send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0" }));
    // A rule by hand is nobody's: the group itself is as it was.
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
    await ec2().send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    const { summary } = await estate.refresh();
    expect(summary.resourceChanges).to.include({ update: 2, delete: 1 });
    expect(await steps()).to.have.members(["update closed", "update vpc", "create closed"]);
    expect(await steps()).to.deep.equal([]);
  });

  it("make another instance of a template's next version", async () => {
    Object.assign(wanted, { type: "t4g.micro" });
    const seen = await steps();
    expect(seen).to.include.members(["update tier", "create-replacement instance", "delete-replaced instance"]);
    const LaunchTemplateIds = [out["template"] ?? ""];
    const { LaunchTemplates = [] } = await ec2().send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds }));
    expect(LaunchTemplates[0]).to.include({ LatestVersionNumber: 2, DefaultVersionNumber: 1 });
  });

  it("go away without a rest", async () => {
    await estate.destroy();
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [out["vpcId"] ?? ""] }] };
    const left = [
      ...((await ec2().send(new DescribeVpcsCommand(inVpc))).Vpcs ?? []),
      ...((await ec2().send(new DescribeSubnetsCommand(inVpc))).Subnets ?? []),
      ...((await ec2().send(new DescribeRouteTablesCommand(inVpc))).RouteTables ?? []),
      ...((await ec2().send(new DescribeSecurityGroupsCommand(inVpc))).SecurityGroups ?? []),
      ...((await ec2().send(new DescribeInternetGatewaysCommand({}))).InternetGateways ?? []).slice(1),
      ...((await ec2().send(new DescribeAddressesCommand({}))).Addresses ?? []),
      ...((await ec2().send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates ?? []),
      ...((await ec2().send(new DescribeVolumesCommand({}))).Volumes ?? []),
    ];
    expect(left).to.deep.equal([]);
    const { NatGateways = [] } = await ec2().send(new DescribeNatGatewaysCommand({}));
    expect(NatGateways.map(({ State }) => State)).to.deep.equal(["deleted"]);
  });
});
