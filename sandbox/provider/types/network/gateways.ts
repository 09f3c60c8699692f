import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  ReleaseAddressCommand,
  waitUntilInternetGatewayExists,
  waitUntilNatGatewayAvailable,
  waitUntilNatGatewayDeleted,
} from "@aws-sdk/client-ec2";
import { whileInUse } from "../../calls/retry.js";
import { fromTagList } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { oneOf, string, tagged } from "../../resource/schema.js";
import { arnOf, setTags, tagSpecification } from "../ec2/common.js";

const GATEWAY_GONE = "InvalidInternetGatewayID.NotFound";

async function attach(context: Context, InternetGatewayId: string, VpcId: string): Promise<void> {
  await context.client(EC2Client).send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
}

async function detach(context: Context, InternetGatewayId: string, VpcId: string): Promise<void> {
  const client = context.client(EC2Client);
  const call = whileInUse(() => client.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })));
  await unlessGone(call, "Gateway.NotAttached", GATEWAY_GONE);
}

export const internetGateway = resource({
  token: "aws:ec2/internetGateway:InternetGateway",
  inputs: { vpcId: string({ computed: true }), ...tagged },
  outputs: ["arn", "ownerId"],
  async create(context, { tagsAll }) {
    const TagSpecifications = tagSpecification("internet-gateway", tagsAll);
    const made = await context.client(EC2Client).send(new CreateInternetGatewayCommand({ TagSpecifications }));
    if (!made.InternetGateway?.InternetGatewayId) throw new Error("CreateInternetGateway gave no id");
    return made.InternetGateway.InternetGatewayId;
  },
  async settle(context, id, { vpcId }) {
    const client = context.client(EC2Client);
    await waitUntilInternetGatewayExists({ client, ...WAIT }, { InternetGatewayIds: [id] });
    if (vpcId !== undefined) await attach(context, id, vpcId);
  },
  async read(context, id) {
    const asked = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
    const seen = (await unlessGone(context.client(EC2Client).send(asked), GATEWAY_GONE))?.InternetGateways?.[0];
    if (!seen) return undefined;
    return {
      arn: arnOf(context, "internet-gateway", id),
      ownerId: seen.OwnerId,
      vpcId: seen.Attachments?.[0]?.VpcId,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior, changed) {
    if (changed.has("vpcId")) {
      if (prior.vpcId !== undefined) await detach(context, id, prior.vpcId);
      if (next.vpcId !== undefined) await attach(context, id, next.vpcId);
    }
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id, { vpcId }) {
    if (vpcId !== undefined) await detach(context, id, vpcId);
    const client = context.client(EC2Client);
    const call = whileInUse(() => client.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id })));
    await unlessGone(call, GATEWAY_GONE);
  },
});

/** terraform-provider-aws makes the name of an address itself; us-east-1 has a domain of its own. */
function publicDnsOf(region: string, address: string | undefined): string | undefined {
  const domain = region === "us-east-1" ? "compute-1" : `${region}.compute`;
  return address && `ec2-${address.replaceAll(".", "-")}.${domain}.amazonaws.com`;
}

/** What uses the address is not shown: here only NAT gateways do, which say so themselves. */
export const eip = resource({
  token: "aws:ec2/eip:Eip",
  inputs: { domain: string({ computed: true, replace: true, check: oneOf("vpc") }), ...tagged },
  outputs: ["allocationId", "arn", "networkBorderGroup", "publicDns", "publicIp", "publicIpv4Pool"],
  async create(context, { tagsAll }) {
    const TagSpecifications = tagSpecification("elastic-ip", tagsAll);
    const made = await context.client(EC2Client).send(new AllocateAddressCommand({ Domain: "vpc", TagSpecifications }));
    if (!made.AllocationId) throw new Error("AllocateAddress gave no id");
    return made.AllocationId;
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeAddressesCommand({ AllocationIds: [id] }));
    const seen = (await unlessGone(call, "InvalidAllocationID.NotFound"))?.Addresses?.[0];
    if (!seen) return undefined;
    return {
      allocationId: id,
      arn: arnOf(context, "elastic-ip", id),
      domain: seen.Domain,
      networkBorderGroup: seen.NetworkBorderGroup,
      publicDns: publicDnsOf(context.region, seen.PublicIp),
      publicIp: seen.PublicIp,
      publicIpv4Pool: seen.PublicIpv4Pool,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior) {
    await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    const call = whileInUse(
      () => client.send(new ReleaseAddressCommand({ AllocationId: id })),
      "InvalidIPAddress.InUse",
    );
    await unlessGone(call, "InvalidAllocationID.NotFound");
  },
});

export const natGateway = resource({
  token: "aws:ec2/natGateway:NatGateway",
  inputs: {
    allocationId: string({ replace: true }),
    connectivityType: string({ default: "public", replace: true, check: oneOf("public", "private") }),
    privateIp: string({ computed: true, replace: true }),
    subnetId: string({ required: true, replace: true }),
    ...tagged,
  },
  outputs: ["associationId", "networkInterfaceId", "publicIp"],
  async create(context, inputs) {
    const { NatGateway: made } = await context.client(EC2Client).send(
      new CreateNatGatewayCommand({
        SubnetId: inputs.subnetId,
        AllocationId: inputs.allocationId,
        // Check admits no other.
        ConnectivityType: inputs.connectivityType as "public" | "private",
        PrivateIpAddress: inputs.privateIp,
        TagSpecifications: tagSpecification("natgateway", inputs.tagsAll),
      }),
    );
    if (!made?.NatGatewayId) throw new Error("CreateNatGateway gave no id");
    return made.NatGatewayId;
  },
  async settle(context, id) {
    await waitUntilNatGatewayAvailable({ client: context.client(EC2Client), ...WAIT }, { NatGatewayIds: [id] });
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
    const seen = (await unlessGone(call, "NatGatewayNotFound"))?.NatGateways?.[0];
    if (!seen || seen.State === "deleted" || seen.State === "deleting") return undefined;
    const address = seen.NatGatewayAddresses?.[0];
    return {
      allocationId: address?.AllocationId,
      associationId: address?.AssociationId,
      connectivityType: seen.ConnectivityType,
      networkInterfaceId: address?.NetworkInterfaceId,
      privateIp: address?.PrivateIp,
      publicIp: address?.PublicIp,
      subnetId: seen.SubnetId,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior) {
    await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    const remove = async () => {
      await client.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
      await waitUntilNatGatewayDeleted({ client, ...WAIT }, { NatGatewayIds: [id] });
    };
    await unlessGone(remove(), "NatGatewayNotFound");
  },
});
