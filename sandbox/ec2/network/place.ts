import type { Call } from "../call.js";
import { checkId, notFound } from "../state/ids.js";
import type { Instance } from "../state/model.js";
import { Ec2Error, invalidCombination, invalidValue, unsupported } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { findZone } from "../zones.js";
import { findOne } from "./common.js";
import { defaultGroupOf, defaultVpcId } from "./defaults.js";
import { publicAddress } from "./host-addresses.js";
import type { Subnet } from "./model.js";
import { freeAddresses } from "./subnet-addresses.js";

/** Where the instances of a launch go. */
export interface Place extends Pick<Instance, "zone" | "subnet" | "vpc" | "securityGroups"> {
  /** A private address for each of them. */
  readonly addresses: readonly string[];
  /** Whether each gets a public address too, for as long as it runs. */
  readonly isPublic: boolean;
}

/**
 * API_RunInstances: the subnet that is named, else "we choose a default subnet from your default VPC", in the zone that is
 * named, else in the first; the security groups that are named, else the default one of the VPC.
 */
export function readPlace(call: Call, params: Params, count: number): Place {
  const placement = params.structure("Placement");
  const asked = findZone(call.region, placement.optional("AvailabilityZone"), placement.optional("AvailabilityZoneId"));
  const tenancy = placement.optional("Tenancy") ?? "default";
  if (tenancy !== "default") throw unsupported(`The sandbox has no ${tenancy} tenancy`);
  const named = params.optional("SubnetId");
  const subnet = named === undefined ? defaultSubnet(call, asked?.name) : findOne(call, "subnet", named, "subnetId");
  if (asked && asked.name !== subnet.zone) {
    throw invalidValue(`The subnet '${subnet.id}' is not in the zone '${asked.name}'`);
  }
  const securityGroups = readGroups(call, params, subnet, named !== undefined);
  const address = params.optional("PrivateIpAddress");
  if (address !== undefined && count > 1)
    throw invalidCombination("PrivateIpAddress is for the launch of one instance");
  return {
    zone: subnet.zone,
    subnet: subnet.id,
    vpc: subnet.vpc,
    securityGroups,
    addresses: freeAddresses(call, subnet, count, address),
    isPublic: subnet.mapPublicIp,
  };
}

function defaultSubnet(call: Call, zone: string | undefined): Subnet {
  const found = [...call.shelf.subnets.after()].find((one) => one.isDefault && (zone ?? one.zone) === one.zone);
  // The sandbox has one in each zone and keeps it.
  if (!found) throw new Error(`No default subnet in ${zone ?? call.region}`);
  return found;
}

function readGroups(call: Call, params: Params, subnet: Subnet, inSubnet: boolean): string[] {
  const ids = params.strings("SecurityGroupId");
  const names = params.strings("SecurityGroup");
  if (names.length > 0 && inSubnet) {
    throw invalidCombination("The parameter groupName cannot be used with the parameter subnet");
  }
  const vpc = defaultVpcId(call.context.account, call.region);
  const byName = names.map((name) => {
    const found = [...call.shelf.groups.after()].find((one) => one.vpc === vpc && one.name === name);
    if (!found) throw notFound("security-group", [name]);
    return found.id;
  });
  const groups = [...new Set([...checkGroups(call, ids, subnet), ...byName])];
  return groups.length > 0 ? groups : [defaultGroupOf(subnet.vpc)];
}

/** Security groups of the instances of a subnet: they must be of its VPC (error from the field). */
export function checkGroups(call: Call, ids: readonly string[], at: Pick<Subnet, "id" | "vpc">): readonly string[] {
  for (const id of ids) {
    checkId("security-group", id, "groupId");
    const group = call.shelf.groups.get(id);
    if (!group) throw notFound("security-group", [id]);
    if (group.vpc !== at.vpc) {
      throw new Ec2Error("InvalidParameter", `Security group ${id} and subnet ${at.id} belong to different networks.`);
    }
  }
  return ids;
}

/** A public address that comes and goes with the running of an instance; another one each time, as on AWS. */
export const passingAddress = (call: Call): string => publicAddress(call.store.nextSeq());
