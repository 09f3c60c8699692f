import {
  DeleteNatGatewayCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { AWAY } from "../../support/sandbox.js";
import { recordSteps, withEngine } from "./support.js";

/** What the program asks for; the tests change it between updates. */
const wanted: { args: awsx.ec2.VpcArgs } = { args: {} };

/** As programs do it: a component with the provider, in it the network, and something in the network. */
class Site extends pulumi.ComponentResource {
  readonly vpc: awsx.ec2.Vpc;
  readonly group: aws.ec2.SecurityGroup;

  constructor(opts: pulumi.ComponentResourceOptions) {
    super("test:index:Site", "site", {}, opts);
    this.vpc = new awsx.ec2.Vpc("net", wanted.args, { parent: this });
    this.group = new aws.ec2.SecurityGroup("group", { vpcId: this.vpc.vpcId }, { parent: this });
    this.registerOutputs();
  }
}

async function program() {
  // Not the region that the environment says: the network must come by it from the component.
  const provider = new aws.Provider("aws", { region: AWAY, defaultTags: { tags: { app: "awsx" } } });
  const { vpc, group } = new Site({ provider });
  return {
    vpcId: vpc.vpcId,
    publicSubnetIds: vpc.publicSubnetIds,
    privateSubnetIds: vpc.privateSubnetIds,
    isolatedSubnetIds: vpc.isolatedSubnetIds,
    layout: vpc.subnetLayout,
    zones: vpc.subnets.apply((subnets) => pulumi.all(subnets.map(({ availabilityZone }) => availabilityZone))),
    publicIps: vpc.natGateways.apply((gateways) => pulumi.all(gateways.map(({ publicIp }) => publicIp))),
    mainRouteTableId: vpc.vpc.mainRouteTableId,
    groupVpcId: group.vpcId,
  };
}

const THREE_TIERS: awsx.ec2.VpcArgs = {
  cidrBlock: "10.20.0.0/16",
  numberOfAvailabilityZones: 2,
  subnetStrategy: "Auto",
  subnetSpecs: [
    { type: "Public", cidrMask: 24, tags: { Tier: "web" } },
    { type: "Private", cidrMask: 20 },
    { type: "Isolated", cidrMask: 22, name: "data" },
  ],
  natGateways: { strategy: "Single" },
  enableDnsHostnames: true,
  tags: { Project: "test" },
};

describe("awsx.ec2.Vpc by the stand-in", function () {
  this.timeout(300_000);
  const { sandbox, stack } = withEngine();
  const ec2 = () => sandbox.client(EC2Client, AWAY);
  let estate: Stack;

  before(async () => {
    estate = await stack("awsx", program);
  });
  const failure = async (): Promise<string> => {
    try {
      await estate.preview();
    } catch (error) {
      return String(error);
    }
    throw new Error("the preview succeeded");
  };

  it("names an argument that it does not know, and one that is wrong", async () => {
    wanted.args = { ...THREE_TIERS, ipv6CidrBlock: "2001:db8::/56" };
    expect(await failure()).to.contain('the sandbox does not know the argument "ipv6CidrBlock"');
    wanted.args = { ...THREE_TIERS, subnetStrategy: "Legacy" };
    expect(await failure()).to.contain('"subnetSpecs" only with subnetStrategy "Auto"');
    wanted.args = { subnetStrategy: "Auto", subnetSpecs: [{ type: "Private" }] };
    expect(await failure()).to.contain("natGateways.strategy OnePerAz needs public subnets");
    wanted.args = { numberOfAvailabilityZones: 4, natGateways: { strategy: "None" } };
    expect(await failure()).to.contain("the region has 3 availability zones, not 4");
  });

  it("makes the children of the real component, under its names, by the caller's provider", async () => {
    wanted.args = THREE_TIERS;
    const { changeSummary } = await estate.preview();
    // The stack, its provider, the component around it and a security group; the network itself; 6 subnets with a route
    // table, an association and (but for the isolated ones) a route each; an address and a NAT gateway.
    expect(changeSummary).to.deep.equal({ create: 4 + 3 + 6 * 3 + 4 + 2 });
    const { steps, onEvent } = recordSteps();
    const { outputs } = await estate.up({ onEvent });
    const counts = Object.groupBy(steps, (step) => step);
    expect(counts["create net-data-1"], "subnet, route table, association").to.have.length(3);
    expect(counts["create net-public-2"], "and a route").to.have.length(4);
    expect(counts["create net-1"], "address and NAT gateway").to.have.length(2);
    expect(counts["create net-2"]).to.equal(undefined);
    expect(counts["create net"], "the component, the VPC and its gateway").to.have.length(3);

    const vpcId: string = outputs["vpcId"]?.value;
    expect(outputs["groupVpcId"]?.value).to.equal(vpcId);
    const { Vpcs: [vpc] = [] } = await ec2().send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
    expect(vpc?.Tags).to.have.deep.members([
      { Key: "Name", Value: "net" },
      { Key: "Project", Value: "test" },
      { Key: "app", Value: "awsx" },
    ]);
    const ids: string[] = outputs["publicSubnetIds"]?.value;
    const { Subnets = [] } = await ec2().send(new DescribeSubnetsCommand({ SubnetIds: ids }));
    expect(Subnets.map((one) => [one.CidrBlock, one.AvailabilityZone, one.MapPublicIpOnLaunch])).to.deep.equal([
      ["10.20.0.0/24", `${AWAY}a`, true],
      ["10.20.128.0/24", `${AWAY}b`, true],
    ]);
    const tags = Object.fromEntries((Subnets[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags).to.include({ Name: "net-public-1", SubnetType: "Public", Tier: "web" });
    expect(outputs["privateSubnetIds"]?.value).to.have.length(2);
    expect(outputs["isolatedSubnetIds"]?.value).to.have.length(2);
    expect(outputs["layout"]?.value).to.deep.equal([
      { type: "Public", cidrMask: 24 },
      { type: "Private", cidrMask: 20 },
      { type: "Isolated", cidrMask: 22, name: "data" },
    ]);
    expect(outputs["zones"]?.value).to.deep.equal([...Array(3).fill(`${AWAY}a`), ...Array(3).fill(`${AWAY}b`)]);
    expect(outputs["mainRouteTableId"]?.value).to.match(/^rtb-/);
    const { Addresses = [] } = await ec2().send(new DescribeAddressesCommand({}));
    expect(outputs["publicIps"]?.value).to.deep.equal(Addresses.map(({ PublicIp }) => PublicIp));
  });

  it("changes nothing the second time, and sees drift", async () => {
    const { summary } = await estate.up();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    const { NatGateways: [nat] = [] } = await ec2().send(new DescribeNatGatewaysCommand({}));
    await ec2().send(new DeleteNatGatewayCommand({ NatGatewayId: nat?.NatGatewayId }));
    const refreshed = await estate.refresh();
    // Its routes lead nowhere now.
    expect(refreshed.summary.resourceChanges).to.include({ delete: 1 });
    const { steps, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps).to.include.members(["create net-1", "update net-private-1", "update net-private-2"]);
    const again = await estate.up();
    expect(Object.keys(again.summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("makes a NAT gateway per zone where that is asked", async () => {
    wanted.args = { ...THREE_TIERS, natGateways: { strategy: "OnePerAz" } };
    const { steps, onEvent } = recordSteps();
    const { outputs } = await estate.up({ onEvent });
    expect(steps).to.have.members(["create net-2", "create net-2", "update net-private-2"]);
    expect(outputs["publicIps"]?.value).to.have.length(2);
  });

  it("goes away without a rest", async () => {
    await estate.destroy();
    const { Vpcs = [] } = await ec2().send(new DescribeVpcsCommand({}));
    expect(Vpcs.map(({ IsDefault }) => IsDefault)).to.deep.equal([true]);
    const { Addresses } = await ec2().send(new DescribeAddressesCommand({}));
    expect(Addresses).to.deep.equal([]);
    const { InternetGateways } = await ec2().send(new DescribeInternetGatewaysCommand({}));
    expect(InternetGateways).to.have.length(1);
  });
});
