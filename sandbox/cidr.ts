/** A block of IPv4 addresses. */
export interface Cidr {
  /** The first address as a number. */
  readonly base: number;
  readonly bits: number;
}

/** How many addresses a block with so many bits in common has. */
export const addressCount = (bits: number): number => 2 ** (32 - bits);

/** Reads `10.0.0.0/16`; host bits are cut off, as EC2 does (API_CreateVpc, CidrBlock). Undefined where it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!found) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || bits > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return { base: base - (base % addressCount(bits)), bits };
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

export const formatCidr = (cidr: Cidr): string => `${formatAddress(cidr.base)}/${cidr.bits}`;

const endOf = ({ base, bits }: Cidr): number => base + addressCount(bits);

export const contains = (outer: Cidr, inner: Cidr): boolean => inner.base >= outer.base && endOf(inner) <= endOf(outer);

export const overlap = (a: Cidr, b: Cidr): boolean => a.base < endOf(b) && b.base < endOf(a);

/** The first block of a size that begins after another one. */
export function blockAfter(last: Cidr, bits: number): Cidr {
  return { base: Math.ceil(endOf(last) / addressCount(bits)) * addressCount(bits), bits };
}
