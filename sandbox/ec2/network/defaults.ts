import { derivedId } from "../state/ids.js";
import { zonesOf } from "../zones.js";
import type { NetworkEntity } from "./model.js";

/** VPC user guide, "Default VPC components": the CIDR block of every default VPC, and a /20 of it per zone. */
const CIDR = "172.31.0.0/16";
const subnetCidr = (index: number): string => `172.31.${index * 16}.0/20`;

/** What ids of the default network are derived from, so that they are the same in each life of the sandbox. */
export const defaultVpcId = (account: string, region: string): string => derivedId("vpc", account, region);
export const defaultGroupOf = (vpc: string): string => derivedId("sg", vpc);

/** The part of every VPC that EC2 makes with it and that goes with it: main route table and default security group. */
export function madeWithVpc(vpc: string, region: string, nextSeq: () => number): NetworkEntity[] {
  const group = defaultGroupOf(vpc);
  const base = { region, tags: {} };
  const rule = { ...base, kind: "security-group-rule", of: group, protocol: "-1", from: -1, to: -1 } as const;
  return [
    {
      ...base,
      kind: "route-table",
      id: derivedId("rtb", vpc),
      seq: nextSeq(),
      vpc,
      routes: [],
      associations: [{ id: derivedId("rtbassoc", vpc) }],
    },
    // VPC user guide, "Default security groups for your VPCs": everything from the group itself, everything to anywhere.
    {
      ...base,
      kind: "security-group",
      id: group,
      seq: nextSeq(),
      vpc,
      name: "default",
      description: "default VPC security group",
    },
    { ...rule, id: derivedId("sgr", group, "ingress"), seq: nextSeq(), egress: false, group },
    { ...rule, id: derivedId("sgr", group, "egress"), seq: nextSeq(), egress: true, cidr: "0.0.0.0/0" },
  ];
}

/**
 * What each region has before anybody made anything (VPC user guide, "Default VPC components"): a VPC, a public subnet in each
 * zone, an internet gateway, and the main route table with a route to it.
 */
export function defaultNetwork(account: string, region: string): NetworkEntity[] {
  let seq = 0;
  const nextSeq = (): number => ++seq;
  const vpc = defaultVpcId(account, region);
  const gateway = derivedId("igw", vpc);
  const base = { region, tags: {} };
  const subnets = zonesOf(region).map(
    ({ name: zone }, index): NetworkEntity => ({
      ...base,
      kind: "subnet",
      id: derivedId("subnet", account, zone),
      seq: nextSeq(),
      vpc,
      zone,
      cidr: subnetCidr(index),
      isDefault: true,
      mapPublicIp: true,
    }),
  );
  const routed = madeWithVpc(vpc, region, nextSeq).map((entity) =>
    entity.kind === "route-table" ? { ...entity, routes: [{ destination: "0.0.0.0/0", gateway }] } : entity,
  );
  return [
    {
      ...base,
      kind: "vpc",
      id: vpc,
      seq: nextSeq(),
      cidr: CIDR,
      isDefault: true,
      dnsSupport: true,
      dnsHostnames: true,
    },
    { ...base, kind: "internet-gateway", id: gateway, seq: nextSeq(), vpc },
    ...subnets,
    ...routed,
  ];
}
