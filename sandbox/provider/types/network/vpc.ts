import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  waitUntilSubnetAvailable,
  waitUntilVpcAvailable,
} from "@aws-sdk/client-ec2";
import { whileInUse } from "../../calls/retry.js";
import { fromTagList } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, string, tagged } from "../../resource/schema.js";
import { arnOf, never, setTags, tagSpecification } from "../ec2/common.js";

const VPC_GONE = "InvalidVpcID.NotFound";

/** One attribute a call (API_ModifyVpcAttribute); host names need support, so support goes on first and off last. */
async function setDns(context: Context, VpcId: string, support?: boolean, hostnames?: boolean): Promise<void> {
  const client = context.client(EC2Client);
  const setSupport = async () => {
    const EnableDnsSupport = { Value: support };
    if (support !== undefined) await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport }));
  };
  if (support) await setSupport();
  const EnableDnsHostnames = { Value: hostnames };
  if (hostnames !== undefined) await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames }));
  if (!support) await setSupport();
}

/** The parts that come with a VPC. */
async function partsOf(context: Context, id: string) {
  const client = context.client(EC2Client);
  const of = { Name: "vpc-id", Values: [id] };
  const isMain = { Name: "association.main", Values: ["true"] };
  const isDefault = { Name: "group-name", Values: ["default"] };
  const [support, hostnames, tables, groups] = await Promise.all([
    client.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsSupport" })),
    client.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsHostnames" })),
    client.send(new DescribeRouteTablesCommand({ Filters: [of, isMain] })),
    client.send(new DescribeSecurityGroupsCommand({ Filters: [of, isDefault] })),
  ]);
  const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId;
  return {
    enableDnsSupport: support.EnableDnsSupport?.Value,
    enableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
    mainRouteTableId,
    defaultRouteTableId: mainRouteTableId,
    defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
  };
}

export const vpc = resource({
  token: "aws:ec2/vpc:Vpc",
  inputs: {
    assignGeneratedIpv6CidrBlock: boolean({ default: false, check: never("the sandbox has no IPv6") }),
    cidrBlock: string({ required: true, replace: true }),
    enableDnsHostnames: boolean({ computed: true }),
    enableDnsSupport: boolean({ default: true }),
    enableNetworkAddressUsageMetrics: boolean({ default: false, check: never("the sandbox has no such metrics") }),
    instanceTenancy: string({ default: "default" }),
    ...tagged,
  },
  outputs: ["arn", "defaultRouteTableId", "defaultSecurityGroupId", "dhcpOptionsId", "mainRouteTableId", "ownerId"],
  async create(context, inputs) {
    const { Vpc: made } = await context.client(EC2Client).send(
      new CreateVpcCommand({
        CidrBlock: inputs.cidrBlock,
        // EC2 judges it.
        InstanceTenancy: inputs.instanceTenancy as "default",
        TagSpecifications: tagSpecification("vpc", inputs.tagsAll),
      }),
    );
    if (!made?.VpcId) throw new Error("CreateVpc gave no id");
    return made.VpcId;
  },
  async settle(context, id, { enableDnsSupport, enableDnsHostnames }) {
    await waitUntilVpcAvailable({ client: context.client(EC2Client), ...WAIT }, { VpcIds: [id] });
    // A new VPC has support and no host names.
    await setDns(context, id, enableDnsSupport ? undefined : false, enableDnsHostnames || undefined);
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeVpcsCommand({ VpcIds: [id] }));
    const seen = (await unlessGone(call, VPC_GONE))?.Vpcs?.[0];
    if (!seen) return undefined;
    return {
      arn: arnOf(context, "vpc", id),
      cidrBlock: seen.CidrBlock,
      dhcpOptionsId: seen.DhcpOptionsId,
      instanceTenancy: seen.InstanceTenancy,
      ownerId: seen.OwnerId,
      tagsAll: fromTagList(seen.Tags),
      ...(await partsOf(context, id)),
    };
  },
  async update(context, id, next, prior, changed) {
    const support = changed.has("enableDnsSupport") ? next.enableDnsSupport : undefined;
    const hostnames = changed.has("enableDnsHostnames") ? (next.enableDnsHostnames ?? false) : undefined;
    await setDns(context, id, support, hostnames);
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    await unlessGone(
      whileInUse(() => client.send(new DeleteVpcCommand({ VpcId: id }))),
      VPC_GONE,
    );
  },
});

const SUBNET_GONE = "InvalidSubnetID.NotFound";

export const subnet = resource({
  token: "aws:ec2/subnet:Subnet",
  inputs: {
    assignIpv6AddressOnCreation: boolean({ default: false, check: never("the sandbox has no IPv6") }),
    availabilityZone: string({ computed: true, replace: true }),
    availabilityZoneId: string({ computed: true, replace: true }),
    cidrBlock: string({ required: true, replace: true }),
    mapPublicIpOnLaunch: boolean({ default: false }),
    vpcId: string({ required: true, replace: true }),
    ...tagged,
  },
  outputs: ["arn", "ownerId"],
  async create(context, inputs) {
    const { Subnet: made } = await context.client(EC2Client).send(
      new CreateSubnetCommand({
        VpcId: inputs.vpcId,
        CidrBlock: inputs.cidrBlock,
        AvailabilityZone: inputs.availabilityZone,
        AvailabilityZoneId: inputs.availabilityZoneId,
        TagSpecifications: tagSpecification("subnet", inputs.tagsAll),
      }),
    );
    if (!made?.SubnetId) throw new Error("CreateSubnet gave no id");
    return made.SubnetId;
  },
  async settle(context, id, { mapPublicIpOnLaunch }) {
    const client = context.client(EC2Client);
    await waitUntilSubnetAvailable({ client, ...WAIT }, { SubnetIds: [id] });
    const MapPublicIpOnLaunch = { Value: true };
    if (mapPublicIpOnLaunch) await client.send(new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch }));
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
    const seen = (await unlessGone(call, SUBNET_GONE))?.Subnets?.[0];
    if (!seen) return undefined;
    return {
      arn: seen.SubnetArn,
      availabilityZone: seen.AvailabilityZone,
      availabilityZoneId: seen.AvailabilityZoneId,
      cidrBlock: seen.CidrBlock,
      mapPublicIpOnLaunch: seen.MapPublicIpOnLaunch,
      ownerId: seen.OwnerId,
      vpcId: seen.VpcId,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior, changed) {
    if (changed.has("mapPublicIpOnLaunch")) {
      const MapPublicIpOnLaunch = { Value: next.mapPublicIpOnLaunch };
      const change = new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch });
      await context.client(EC2Client).send(change);
    }
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    await unlessGone(
      whileInUse(() => client.send(new DeleteSubnetCommand({ SubnetId: id }))),
      SUBNET_GONE,
    );
  },
});
