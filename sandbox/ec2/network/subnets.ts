import { type Cidr, contains, formatCidr, overlap, parseCidr } from "../../cidr.js";
import type { Call, Commit } from "../call.js";
import { freshId } from "../state/ids.js";
import type { Change } from "../state/journal.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { Ec2Error, invalidCombination } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf } from "../wire/xml.js";
import { findZone, zonesOf } from "../zones.js";
import { arnOf, dependencyViolation, describe, findOne } from "./common.js";
import { usableIn } from "./host-addresses.js";
import type { Subnet, Vpc } from "./model.js";
import { withoutSubnet } from "./route-tables.js";
import { cidrOf, usedAddresses } from "./subnet-addresses.js";

const zoneId = (subnet: Subnet): string | undefined =>
  zonesOf(subnet.region).find(({ name }) => name === subnet.zone)?.id;

const available = (call: Call, subnet: Subnet): number => usableIn(cidrOf(subnet)) - usedAddresses(call, subnet).size;

const subnetXml = (call: Call, subnet: Subnet): string =>
  leaf("subnetId", subnet.id) +
  leaf("subnetArn", arnOf(call, "subnet", subnet.id)) +
  leaf("state", "available") +
  leaf("ownerId", call.context.account) +
  leaf("vpcId", subnet.vpc) +
  leaf("cidrBlock", subnet.cidr) +
  leaf("availableIpAddressCount", available(call, subnet)) +
  leaf("availabilityZone", subnet.zone) +
  leaf("availabilityZoneId", zoneId(subnet)) +
  leaf("defaultForAz", subnet.isDefault) +
  leaf("mapPublicIpOnLaunch", subnet.mapPublicIp) +
  leaf("assignIpv6AddressOnCreation", false) +
  leaf("mapCustomerOwnedIpOnLaunch", false) +
  leaf("enableDns64", false) +
  leaf("ipv6Native", false) +
  branch(
    "privateDnsNameOptionsOnLaunch",
    leaf("hostnameType", "ip-name") +
      leaf("enableResourceNameDnsARecord", false) +
      leaf("enableResourceNameDnsAAAARecord", false),
  ) +
  tagSet(subnet.tags);

/** VPC user guide, "Subnet sizing": /28 to /16, within the VPC, apart from its other subnets. */
function readCidr(call: Call, text: string, vpc: Vpc): Cidr {
  const cidr = parseCidr(text);
  const outer = parseCidr(vpc.cidr);
  if (!cidr || !outer || cidr.bits < 16 || cidr.bits > 28 || !contains(outer, cidr)) {
    throw new Ec2Error("InvalidSubnet.Range", `The CIDR '${text}' is invalid.`);
  }
  const others = [...call.shelf.subnets.after()].filter((one) => one.vpc === vpc.id);
  if (others.some((one) => overlap(cidrOf(one), cidr))) {
    throw new Ec2Error("InvalidSubnet.Conflict", `The CIDR '${text}' conflicts with another subnet`);
  }
  return cidr;
}

/** API_CreateSubnet. Without a zone AWS chooses one; here the first. */
export function createSubnet(call: Call, params: Params): Commit {
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  const zone = findZone(call.region, params.optional("AvailabilityZone"), params.optional("AvailabilityZoneId"));
  const cidr = readCidr(call, params.required("CidrBlock"), vpc);
  const { subnet: tags } = readTagSpecifications(params, ["subnet"]);
  return () => {
    const subnet: Subnet = {
      kind: "subnet",
      id: freshId("subnet"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      vpc: vpc.id,
      zone: (zone ?? zonesOf(call.region)[0])?.name ?? "",
      cidr: formatCidr(cidr),
      isDefault: false,
      mapPublicIp: false,
    };
    call.store.commit([{ put: subnet }]);
    return branch("subnet", subnetXml(call, subnet));
  };
}

/** API_DeleteSubnet: "You must terminate all running instances in the subnet before you can delete the subnet". */
export function deleteSubnet(call: Call, params: Params): Commit {
  const subnet = findOne(call, "subnet", params.required("SubnetId"), "subnetId");
  if (subnet.isDefault) {
    throw new Ec2Error("UnsupportedOperation", "The sandbox keeps the default subnets of each region");
  }
  if (usedAddresses(call, subnet).size > 0) {
    throw dependencyViolation(`The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
  }
  return () => {
    const freed = withoutSubnet(call, subnet.id).map((put): Change => ({ put }));
    call.store.commit([...freed, { drop: subnet.id }]);
    return leaf("return", true);
  };
}

const filters = (call: Call): FilterTable<Subnet> => ({
  "availability-zone": (row) => row.zone,
  "availability-zone-id": zoneId,
  availabilityZone: (row) => row.zone,
  availabilityZoneId: zoneId,
  "available-ip-address-count": (row) => available(call, row),
  cidr: (row) => row.cidr,
  "cidr-block": (row) => row.cidr,
  cidrBlock: (row) => row.cidr,
  "default-for-az": (row) => row.isDefault,
  defaultForAz: (row) => row.isDefault,
  "map-public-ip-on-launch": (row) => row.mapPublicIp,
  "owner-id": () => call.context.account,
  state: () => "available",
  "subnet-arn": (row) => arnOf(call, "subnet", row.id),
  "subnet-id": (row) => row.id,
  "vpc-id": (row) => row.vpc,
});

/** API_DescribeSubnets. */
export const describeSubnets = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "subnet",
    ids: "SubnetId",
    set: "subnetSet",
    filters: filters(call),
    xml: (row) => subnetXml(call, row),
  });

/** API_ModifySubnetAttribute: only whether instances get a public address. */
export function modifySubnetAttribute(call: Call, params: Params): Commit {
  const subnet = findOne(call, "subnet", params.required("SubnetId"), "subnetId");
  const mapPublicIp = params.structure("MapPublicIpOnLaunch").boolean("Value");
  if (mapPublicIp === undefined) throw invalidCombination("Specify exactly one attribute to modify");
  return () => {
    call.store.commit([{ put: { ...subnet, mapPublicIp } }]);
    return leaf("return", true);
  };
}
