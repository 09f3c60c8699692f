import type { Props } from "../wire.js";
import { layOut, type PlannedSubnet, resolvedSpecs, type SubnetType } from "./layout.js";
import type { Monitor, Registered } from "./monitor.js";
import { readVpcArgs, type VpcArgs } from "./vpc-args.js";

const ANYWHERE = "0.0.0.0/0";

/** One subnet and what belongs to it. */
interface Made {
  readonly type: SubnetType;
  readonly subnet: Registered;
  readonly routeTable: Registered;
  readonly association: Registered;
  readonly eip?: Registered;
  readonly natGateway?: Registered;
  readonly route?: Registered;
}

/** What the component tells the program: lists of its resources, and ids of them. */
export interface VpcResult {
  readonly resources: Readonly<Record<string, readonly Registered[]>>;
  readonly one: Readonly<Record<"vpc" | "internetGateway", Registered>>;
  readonly ids: Readonly<Record<string, readonly Registered[]>>;
  readonly subnetLayout: readonly Props[];
}

/**
 * The network that `awsx.ec2.Vpc` 3.9 makes, with its names, parents and tags: a VPC with an internet gateway; in each zone
 * its subnets, each with a route table of its own; NAT gateways in public subnets; a way to the internet from public subnets
 * by the internet gateway, from private ones by a NAT gateway, from isolated ones none.
 */
export async function makeVpc(name: string, inputs: Props, parent: string, monitor: Monitor): Promise<VpcResult> {
  const args = readVpcArgs(inputs);
  const zones = args.zones ?? (await zonesOf(args.zoneCount, monitor));
  const request = { name, cidr: args.cidrBlock, zones, specs: args.subnetSpecs };
  const subnets = layOut(request).filter(({ type }) => type !== "Unused");
  checkNat(args, subnets);
  const shared = { Name: name, ...args.tags };
  const vpc = await monitor.resource({
    type: "aws:ec2/vpc:Vpc",
    name,
    parent,
    inputs: { cidrBlock: args.cidrBlock, ...args.dns, tags: shared },
  });
  const internetGateway = await monitor.resource({
    type: "aws:ec2/internetGateway:InternetGateway",
    name,
    parent: vpc.urn,
    inputs: { vpcId: vpc.id, tags: shared },
    needs: { vpcId: vpc },
  });
  const made: Made[] = [];
  for (const [index, zone] of zones.entries()) {
    // The public ones first: the others of the zone use their NAT gateway.
    const here = subnets.filter((one) => one.zone === zone).sort((a, b) => RANK[a.type] - RANK[b.type]);
    for (const planned of here) {
      const gateways = made.flatMap(({ natGateway }) => natGateway ?? []);
      const site = { name, args, shared, vpc, internetGateway, monitor, index, gateways };
      made.push(await makeSubnet(planned, site));
    }
  }
  return result(vpc, internetGateway, made, resolvedSpecs(request));
}

const RANK: Readonly<Record<SubnetType, number>> = { Public: 0, Private: 1, Isolated: 2, Unused: 3 };

async function zonesOf(count: number, monitor: Monitor): Promise<string[]> {
  const { names } = await monitor.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {});
  const zones = Array.isArray(names) ? names.map(String) : [];
  if (zones.length < count)
    throw new Error(`awsx:ec2:Vpc: the region has ${zones.length} availability zones, not ${count}`);
  return zones.slice(0, count);
}

function checkNat({ natGateways }: VpcArgs, subnets: readonly PlannedSubnet[]): void {
  const has = (...types: readonly SubnetType[]) => subnets.some(({ type }) => types.includes(type));
  if (natGateways === "None" || (has("Public") && has("Private", "Isolated"))) return;
  throw new Error(
    `awsx:ec2:Vpc: natGateways.strategy ${natGateways} needs public subnets for the gateways and other subnets to use them`,
  );
}

interface Site {
  readonly name: string;
  readonly args: VpcArgs;
  readonly shared: Props;
  readonly vpc: Registered;
  readonly internetGateway: Registered;
  readonly monitor: Monitor;
  /** Of the zone. */
  readonly index: number;
  /** The NAT gateways that are there already. */
  readonly gateways: readonly Registered[];
}

async function makeSubnet(planned: PlannedSubnet, site: Site): Promise<Made> {
  const { shared, vpc, monitor } = site;
  const { name, type } = planned;
  const own = { Name: name, SubnetType: type };
  const subnet = await monitor.resource({
    type: "aws:ec2/subnet:Subnet",
    name,
    parent: vpc.urn,
    inputs: {
      vpcId: vpc.id,
      availabilityZone: planned.zone,
      mapPublicIpOnLaunch: type === "Public",
      cidrBlock: planned.cidr,
      assignIpv6AddressOnCreation: false,
      tags: { ...shared, ...planned.tags, ...own },
    },
    needs: { vpcId: vpc },
  });
  const routeTable = await monitor.resource({
    type: "aws:ec2/routeTable:RouteTable",
    name,
    parent: subnet.urn,
    inputs: { vpcId: vpc.id, tags: { ...shared, ...own } },
    needs: { vpcId: vpc },
  });
  const association = await monitor.resource({
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    name,
    parent: routeTable.urn,
    inputs: { routeTableId: routeTable.id, subnetId: subnet.id },
    needs: { routeTableId: routeTable, subnetId: subnet },
  });
  const nat = type === "Public" && site.gateways.length < wantedGateways(site) ? await makeNat(subnet, site) : {};
  const route = await makeRoute(planned, routeTable, site);
  return { type, subnet, routeTable, association, ...nat, ...(route ? { route } : {}) };
}

/** How many NAT gateways there are once this zone's public subnet has what it should. */
const wantedGateways = ({ args, index }: Site): number =>
  ({ None: 0, Single: 1, OnePerAz: index + 1 })[args.natGateways];

async function makeNat(subnet: Registered, site: Site): Promise<Pick<Made, "eip" | "natGateway">> {
  const name = `${site.name}-${site.index + 1}`;
  const tags = { ...site.args.tags, Name: name };
  const eip = await site.monitor.resource({ type: "aws:ec2/eip:Eip", name, parent: subnet.urn, inputs: { tags } });
  const natGateway = await site.monitor.resource({
    type: "aws:ec2/natGateway:NatGateway",
    name,
    parent: subnet.urn,
    inputs: { subnetId: subnet.id, allocationId: eip.outputs["allocationId"], tags },
    needs: { subnetId: subnet, allocationId: eip },
  });
  return { eip, natGateway };
}

async function makeRoute(
  { name, type }: PlannedSubnet,
  table: Registered,
  site: Site,
): Promise<Registered | undefined> {
  const { args, gateways, index, internetGateway, monitor } = site;
  const nat = args.natGateways === "Single" ? gateways[0] : gateways[index];
  const target =
    type === "Public"
      ? { gatewayId: internetGateway }
      : type === "Private" && args.natGateways !== "None" && nat
        ? { natGatewayId: nat }
        : undefined;
  if (!target) return undefined;
  const ids = Object.fromEntries(Object.entries(target).map(([property, { id }]) => [property, id]));
  return monitor.resource({
    type: "aws:ec2/route:Route",
    name,
    parent: table.urn,
    inputs: { routeTableId: table.id, destinationCidrBlock: ANYWHERE, ...ids },
    needs: { routeTableId: table, ...target },
  });
}

function result(
  vpc: Registered,
  internetGateway: Registered,
  made: readonly Made[],
  specs: readonly { readonly type: SubnetType; readonly name?: string; readonly cidrMask?: number }[],
): VpcResult {
  const of = (type: SubnetType): Registered[] => made.filter((one) => one.type === type).map(({ subnet }) => subnet);
  return {
    one: { vpc, internetGateway },
    resources: {
      eips: made.flatMap(({ eip }) => eip ?? []),
      isolatedSubnets: of("Isolated"),
      natGateways: made.flatMap(({ natGateway }) => natGateway ?? []),
      privateSubnets: of("Private"),
      publicSubnets: of("Public"),
      routeTableAssociations: made.map(({ association }) => association),
      routeTables: made.map(({ routeTable }) => routeTable),
      routes: made.flatMap(({ route }) => route ?? []),
      subnets: made.map(({ subnet }) => subnet),
      vpcEndpoints: [],
    },
    ids: {
      isolatedSubnetIds: of("Isolated"),
      privateSubnetIds: of("Private"),
      publicSubnetIds: of("Public"),
    },
    subnetLayout: specs.map(({ type, name, cidrMask }) => ({ type, name, cidrMask })),
  };
}
