import { crc32 } from "node:zlib";
import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  ReplaceRouteCommand,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import { whileInUse } from "../../calls/retry.js";
import { fromTagList } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { string, tagged } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { arnOf, setTags, tagSpecification } from "../ec2/common.js";

const TABLE_GONE = "InvalidRouteTableID.NotFound";

async function describe(context: Context, id: string): Promise<RouteTable | undefined> {
  const call = context.client(EC2Client).send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
  return (await unlessGone(call, TABLE_GONE))?.RouteTables?.[0];
}

/** Routes are resources of their own here: `aws.ec2.Route`. */
export const routeTable = resource({
  token: "aws:ec2/routeTable:RouteTable",
  inputs: { vpcId: string({ required: true, replace: true }), ...tagged },
  outputs: ["arn", "ownerId"],
  async create(context, { vpcId: VpcId, tagsAll }) {
    const TagSpecifications = tagSpecification("route-table", tagsAll);
    const made = await context.client(EC2Client).send(new CreateRouteTableCommand({ VpcId, TagSpecifications }));
    if (!made.RouteTable?.RouteTableId) throw new Error("CreateRouteTable gave no id");
    return made.RouteTable.RouteTableId;
  },
  async read(context, id) {
    const seen = await describe(context, id);
    if (!seen) return undefined;
    const { OwnerId: ownerId, VpcId: vpcId } = seen;
    return { arn: arnOf(context, "route-table", id), ownerId, vpcId, tagsAll: fromTagList(seen.Tags) };
  },
  async update(context, id, next, prior) {
    await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    await unlessGone(
      whileInUse(() => client.send(new DeleteRouteTableCommand({ RouteTableId: id }))),
      TABLE_GONE,
    );
  },
});

const oneTarget = ({ gatewayId, natGatewayId }: Props) =>
  (gatewayId === undefined) === (natGatewayId === undefined)
    ? { property: "gatewayId", reason: "one of gatewayId, natGatewayId must be given" }
    : undefined;

export const route = resource({
  token: "aws:ec2/route:Route",
  inputs: {
    destinationCidrBlock: string({ required: true, replace: true }),
    gatewayId: string(),
    natGatewayId: string(),
    routeTableId: string({ required: true, replace: true }),
  },
  outputs: ["origin", "state"],
  validate: oneTarget,
  async create(context, inputs) {
    await context.client(EC2Client).send(
      new CreateRouteCommand({
        RouteTableId: inputs.routeTableId,
        DestinationCidrBlock: inputs.destinationCidrBlock,
        GatewayId: inputs.gatewayId,
        NatGatewayId: inputs.natGatewayId,
      }),
    );
    // terraform-provider-aws: r-<route table><checksum of the destination>.
    return `r-${inputs.routeTableId}${crc32(inputs.destinationCidrBlock)}`;
  },
  async read(context, _id, { routeTableId, destinationCidrBlock }) {
    if (routeTableId === undefined) throw new Error("the sandbox cannot import aws:ec2/route:Route");
    const table = await describe(context, routeTableId);
    const seen = table?.Routes?.find((one) => one.DestinationCidrBlock === destinationCidrBlock);
    if (!seen) return undefined;
    return {
      destinationCidrBlock: seen.DestinationCidrBlock,
      gatewayId: seen.GatewayId,
      natGatewayId: seen.NatGatewayId,
      origin: seen.Origin,
      routeTableId,
      state: seen.State,
    };
  },
  async update(context, _id, { routeTableId, destinationCidrBlock, gatewayId, natGatewayId }) {
    await context.client(EC2Client).send(
      new ReplaceRouteCommand({
        RouteTableId: routeTableId,
        DestinationCidrBlock: destinationCidrBlock,
        GatewayId: gatewayId,
        NatGatewayId: natGatewayId,
      }),
    );
  },
  async remove(context, _id, { routeTableId: RouteTableId, destinationCidrBlock: DestinationCidrBlock }) {
    const call = context.client(EC2Client).send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock }));
    await unlessGone(call, "InvalidRoute.NotFound", TABLE_GONE);
  },
});

export const routeTableAssociation = resource({
  token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  inputs: {
    // AWS gives the association another id with another table, and an update cannot change an id.
    routeTableId: string({ required: true, replace: true }),
    subnetId: string({ required: true, replace: true }),
  },
  outputs: [],
  // A subnet has one route table at a time.
  deleteBeforeReplace: true,
  async create(context, { routeTableId: RouteTableId, subnetId: SubnetId }) {
    const made = await context.client(EC2Client).send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    if (!made.AssociationId) throw new Error("AssociateRouteTable gave no id");
    return made.AssociationId;
  },
  async read(context, id) {
    const Filters = [{ Name: "association.route-table-association-id", Values: [id] }];
    const found = await context.client(EC2Client).send(new DescribeRouteTablesCommand({ Filters }));
    const all = (found.RouteTables ?? []).flatMap(({ Associations }) => Associations ?? []);
    const seen = all.find((one) => one.RouteTableAssociationId === id);
    return seen && { routeTableId: seen.RouteTableId, subnetId: seen.SubnetId };
  },
  async remove(context, id) {
    const call = context.client(EC2Client).send(new DisassociateRouteTableCommand({ AssociationId: id }));
    await unlessGone(call, "InvalidAssociationID.NotFound");
  },
});
