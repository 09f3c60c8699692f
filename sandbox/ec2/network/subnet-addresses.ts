import { type Cidr, parseCidr } from "../../cidr.js";
import type { Call } from "../call.js";
import { Ec2Error, invalidValue } from "../wire/errors.js";
import { liveInstances, liveNatGateways } from "./common.js";
import { addressesOf, isUsable } from "./host-addresses.js";
import type { Subnet } from "./model.js";

/** The block of a subnet. */
export function cidrOf(subnet: Subnet): Cidr {
  const cidr = parseCidr(subnet.cidr);
  // It was checked when the subnet was made.
  if (!cidr) throw new Error(`${subnet.id}: ${subnet.cidr} is no CIDR block`);
  return cidr;
}

/** The private addresses that instances and NAT gateways have in a subnet. */
export function usedAddresses(call: Call, subnet: Subnet): Set<string> {
  const users = [...liveInstances(call), ...liveNatGateways(call)].filter((one) => one.subnet === subnet.id);
  return new Set(users.map(({ privateIp }) => privateIp));
}

/** The lowest free addresses of a subnet, or the one that was asked for. */
export function freeAddresses(call: Call, subnet: Subnet, count: number, asked?: string): string[] {
  const used = usedAddresses(call, subnet);
  if (asked !== undefined) {
    if (!isUsable(cidrOf(subnet), asked)) {
      throw invalidValue(`Address ${asked} does not fall within the subnet's address range`);
    }
    if (used.has(asked)) throw new Ec2Error("InvalidIPAddress.InUse", `Address ${asked} is in use.`);
    return [asked];
  }
  const free: string[] = [];
  for (const address of addressesOf(cidrOf(subnet))) {
    if (free.length === count) break;
    if (!used.has(address)) free.push(address);
  }
  if (free.length < count) {
    const message = `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`;
    throw new Ec2Error("InsufficientFreeAddressesInSubnet", message);
  }
  return free;
}
