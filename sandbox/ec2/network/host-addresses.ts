import { addressCount, type Cidr, formatAddress, parseCidr } from "../../cidr.js";

/** VPC user guide, "Subnet sizing for IPv4": the first four addresses of a subnet and the last are AWS's. */
const RESERVED = 5;
const FIRST_FREE = 4;

/** How many addresses a subnet has for others. */
export const usableIn = (cidr: Cidr): number => Math.max(0, addressCount(cidr.bits) - RESERVED);

/** The addresses that a subnet has for others, in order. */
export function* addressesOf(cidr: Cidr): Generator<string> {
  for (let i = FIRST_FREE; i < addressCount(cidr.bits) - 1; i++) yield formatAddress(cidr.base + i);
}

/** Whether an address is one that a subnet has for others. */
export function isUsable(cidr: Cidr, address: string): boolean {
  const host = parseCidr(`${address}/32`);
  if (!host) return false;
  const offset = host.base - cidr.base;
  return offset >= FIRST_FREE && offset < addressCount(cidr.bits) - 1;
}

const PUBLIC = { base: 198 * 2 ** 24 + 18 * 2 ** 16, bits: 15 };

/** A public address of the sandbox: of the block for benchmarks (RFC 2544), which nobody has. One for each sequence number. */
export const publicAddress = (seq: number): string => formatAddress(PUBLIC.base + (seq % addressCount(PUBLIC.bits)));
