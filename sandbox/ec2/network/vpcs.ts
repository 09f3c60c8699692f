import { formatCidr, parseCidr } from "../../cidr.js";
import type { Call, Commit } from "../call.js";
import { derivedId, freshId } from "../state/ids.js";
import type { Change } from "../state/journal.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { Ec2Error, invalidCombination, invalidValue, unsupported } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";
import { dependencyViolation, describe, findOne, liveNatGateways } from "./common.js";
import { defaultGroupOf, madeWithVpc } from "./defaults.js";
import type { Vpc } from "./model.js";

/** Each VPC has the region's default DHCP options. */
const dhcpOptions = (call: Call): string => derivedId("dopt", call.context.account, call.region);

const vpcXml = (call: Call, vpc: Vpc): string =>
  leaf("vpcId", vpc.id) +
  leaf("ownerId", call.context.account) +
  leaf("state", "available") +
  leaf("cidrBlock", vpc.cidr) +
  leaf("dhcpOptionsId", dhcpOptions(call)) +
  leaf("instanceTenancy", "default") +
  leaf("isDefault", vpc.isDefault) +
  list("cidrBlockAssociationSet", [
    leaf("associationId", derivedId("vpc-cidr-assoc", vpc.id)) +
      leaf("cidrBlock", vpc.cidr) +
      branch("cidrBlockState", leaf("state", "associated")),
  ]) +
  tagSet(vpc.tags);

/** API_CreateVpc. With it come a main route table and a default security group. */
export function createVpc(call: Call, params: Params): Commit {
  const text = params.required("CidrBlock");
  const cidr = parseCidr(text);
  // API_CreateVpc: "between a /28 netmask (16 IP addresses) and /16 netmask (65,536 IP addresses)".
  if (!cidr || cidr.bits < 16 || cidr.bits > 28) {
    throw new Ec2Error("InvalidVpc.Range", `The CIDR '${text}' is invalid.`);
  }
  const tenancy = params.optional("InstanceTenancy") ?? "default";
  if (tenancy !== "default") throw unsupported(`The sandbox has no ${tenancy} tenancy`);
  if (params.boolean("AmazonProvidedIpv6CidrBlock")) throw unsupported("The sandbox has no IPv6");
  const { vpc: tags } = readTagSpecifications(params, ["vpc"]);
  return () => {
    const vpc: Vpc = {
      kind: "vpc",
      id: freshId("vpc"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      cidr: formatCidr(cidr),
      isDefault: false,
      // API_ModifyVpcAttribute: DNS support is on by default, host names are off but in the default VPC.
      dnsSupport: true,
      dnsHostnames: false,
    };
    const parts = madeWithVpc(vpc.id, call.region, () => call.store.nextSeq());
    call.store.commit([vpc, ...parts].map((put) => ({ put })));
    return branch("vpc", vpcXml(call, vpc));
  };
}

/**
 * API_DeleteVpc: "you must detach or delete all gateways and resources that are associated with the VPC ... When you delete the
 * VPC, it deletes the default security group, network ACL, and route table".
 */
export function deleteVpc(call: Call, params: Params): Commit {
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  if (vpc.isDefault) throw unsupported("The sandbox keeps the default VPC of each region");
  const { subnets, internetGateways, routeTables, groups, rules } = call.shelf;
  const within = [...subnets.after(), ...internetGateways.after(), ...liveNatGateways(call)];
  const tables = [...routeTables.after()].filter((one) => one.vpc === vpc.id);
  const ownGroups = [...groups.after()].filter((one) => one.vpc === vpc.id);
  const hasMore =
    within.some((one) => one.vpc === vpc.id) ||
    tables.some((table) => table.associations.every(({ subnet }) => subnet !== undefined)) ||
    ownGroups.some(({ id }) => id !== defaultGroupOf(vpc.id));
  if (hasMore) throw dependencyViolation(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
  return () => {
    const ownRules = [...rules.after()].filter((rule) => ownGroups.some(({ id }) => id === rule.of));
    const gone = [vpc, ...tables, ...ownGroups, ...ownRules];
    call.store.commit(gone.map(({ id }): Change => ({ drop: id })));
    return leaf("return", true);
  };
}

const filters = (call: Call): FilterTable<Vpc> => ({
  cidr: (row) => row.cidr,
  "cidr-block": (row) => row.cidr,
  "cidr-block-association.cidr-block": (row) => row.cidr,
  "cidr-block-association.association-id": (row) => derivedId("vpc-cidr-assoc", row.id),
  "cidr-block-association.state": () => "associated",
  "dhcp-options-id": () => dhcpOptions(call),
  "is-default": (row) => row.isDefault,
  "owner-id": () => call.context.account,
  state: () => "available",
  "vpc-id": (row) => row.id,
});

/** API_DescribeVpcs. `isDefault` is another name of a filter there. */
export const describeVpcs = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "vpc",
    ids: "VpcId",
    set: "vpcSet",
    filters: { ...filters(call), isDefault: (row) => row.isDefault },
    xml: (row) => vpcXml(call, row),
  });

/** API_ModifyVpcAttribute: one attribute a call. */
export function modifyVpcAttribute(call: Call, params: Params): Commit {
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  const dnsSupport = params.structure("EnableDnsSupport").boolean("Value");
  const dnsHostnames = params.structure("EnableDnsHostnames").boolean("Value");
  if ((dnsSupport === undefined) === (dnsHostnames === undefined)) {
    throw invalidCombination("Specify exactly one attribute to modify: EnableDnsSupport or EnableDnsHostnames");
  }
  if (dnsHostnames && !vpc.dnsSupport) throw invalidCombination("EnableDnsHostnames needs EnableDnsSupport");
  return () => {
    const put: Vpc = {
      ...vpc,
      ...(dnsSupport === undefined ? {} : { dnsSupport }),
      ...(dnsHostnames === undefined ? {} : { dnsHostnames }),
    };
    call.store.commit([{ put }]);
    return leaf("return", true);
  };
}

/** API_DescribeVpcAttribute. */
export function describeVpcAttribute(call: Call, params: Params): Commit {
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  const attribute = params.required("Attribute");
  const values: Readonly<Record<string, boolean>> = {
    enableDnsSupport: vpc.dnsSupport,
    enableDnsHostnames: vpc.dnsHostnames,
    enableNetworkAddressUsageMetrics: false,
  };
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
  if (value === undefined) throw invalidValue(`Value (${attribute}) for parameter attribute is invalid.`);
  return () => leaf("vpcId", vpc.id) + branch(attribute, leaf("value", value));
}
