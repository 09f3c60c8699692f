/** A block of IPv4 addresses. */
export interface Cidr {
  /** The first address as a number. */
  readonly base: number;
  readonly bits: number;
}

const sizeOf = ({ bits }: Cidr): number => 2 ** (32 - bits);

/** Reads `10.0.0.0/16`; host bits are cut off, as EC2 does (API_CreateVpc, CidrBlock). Undefined where it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!found) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || bits > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return { base: base - (base % 2 ** (32 - bits)), bits };
}

const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

export const formatCidr = (cidr: Cidr): string => `${formatAddress(cidr.base)}/${cidr.bits}`;

export const contains = (outer: Cidr, inner: Cidr): boolean =>
  inner.base >= outer.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);

export const overlap = (a: Cidr, b: Cidr): boolean => a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);

/** VPC user guide, "Subnet sizing for IPv4": the first four addresses of a subnet and the last are AWS's. */
const RESERVED = 5;
const FIRST_FREE = 4;

/** How many addresses a subnet has for others. */
export const usableIn = (cidr: Cidr): number => Math.max(0, sizeOf(cidr) - RESERVED);

/** The addresses that a subnet has for others, in order. */
export function* addressesOf(cidr: Cidr): Generator<string> {
  for (let i = FIRST_FREE; i < sizeOf(cidr) - 1; i++) yield formatAddress(cidr.base + i);
}

/** Whether an address is one that a subnet has for others. */
export function isUsable(cidr: Cidr, address: string): boolean {
  const host = parseCidr(`${address}/32`);
  if (!host) return false;
  const offset = host.base - cidr.base;
  return offset >= FIRST_FREE && offset < sizeOf(cidr) - 1;
}

const PUBLIC = { base: 198 * 2 ** 24 + 18 * 2 ** 16, bits: 15 };

/** A public address of the sandbox: of the block for benchmarks (RFC 2544), which nobody has. One for each sequence number. */
export const publicAddress = (seq: number): string => formatAddress(PUBLIC.base + (seq % sizeOf(PUBLIC)));
