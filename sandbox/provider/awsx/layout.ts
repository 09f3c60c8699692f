import { addressCount, blockAfter, type Cidr, formatCidr, parseCidr } from "../../cidr.js";

export type SubnetType = "Public" | "Private" | "Isolated" | "Unused";

/** What the program says of one subnet in each zone. */
export interface SubnetSpec {
  readonly type: SubnetType;
  /** @default the type in lower case */
  readonly name?: string;
  /** @default its share of the zone's block */
  readonly cidrMask?: number;
  readonly tags?: Readonly<Record<string, unknown>>;
}

/** One subnet that is to be made. */
export interface PlannedSubnet {
  readonly type: SubnetType;
  readonly zone: string;
  readonly cidr: string;
  /** Its logical name, and that of all that belongs to it. */
  readonly name: string;
  readonly tags: Readonly<Record<string, unknown>>;
}

export interface LayoutRequest {
  readonly name: string;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly specs: readonly SubnetSpec[] | undefined;
}

function parseBlock(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(`cidrBlock: "${text}" is no CIDR block like 10.0.0.0/16`);
  return cidr;
}

/** Bits that tell so many things apart. */
const bitsFor = (count: number): number => Math.ceil(Math.log2(Math.max(1, count)));

/** The smallest block of a zone that the default layout fits into, with subnets of at least 16 addresses. */
const SMALLEST_ZONE = 26;

/** Without specs a zone has a private subnet with half of its block, and a public one with a quarter. */
const DEFAULT_TYPES = ["Private", "Public"] as const;

function defaultSpecs(zoneMask: number): SubnetSpec[] {
  if (zoneMask > SMALLEST_ZONE) {
    throw new Error(`the default subnets need a /${SMALLEST_ZONE} per zone, but there is only a /${zoneMask}`);
  }
  return DEFAULT_TYPES.map((type, index) => ({ type, cidrMask: Math.max(zoneMask, 16) + index + 1 }));
}

/** What a program learns of the layout: each subnet of a zone, with its size. */
export function resolvedSpecs(request: Pick<LayoutRequest, "cidr" | "zones" | "specs">): SubnetSpec[] {
  const zoneMask = parseBlock(request.cidr).bits + bitsFor(request.zones.length);
  return [...(request.specs ?? defaultSpecs(zoneMask))];
}

/**
 * Divides the VPC's block: evenly among the zones (as many shares as the next power of two), and each share among its
 * subnets in their order, each where the one before ends. Sizes not given are equal shares.
 */
export function layOut(request: LayoutRequest): PlannedSubnet[] {
  const { name, zones } = request;
  const vpc = parseBlock(request.cidr);
  const zoneMask = vpc.bits + bitsFor(zones.length);
  const specs = resolvedSpecs(request);
  const share = zoneMask + bitsFor(specs.length);
  const wanted = specs.reduce((sum, spec) => sum + addressCount(spec.cidrMask ?? share), 0);
  if (wanted > addressCount(zoneMask)) {
    throw new Error(`subnetSpecs need ${wanted} addresses in each zone, which has ${addressCount(zoneMask)}`);
  }
  return zones.flatMap((zone, zoneIndex) => {
    const first: Cidr = { base: vpc.base + zoneIndex * addressCount(zoneMask), bits: zoneMask };
    let last: Cidr | undefined;
    return specs.map((spec): PlannedSubnet => {
      const bits = spec.cidrMask ?? share;
      const block: Cidr = last ? blockAfter(last, bits) : { base: first.base, bits };
      last = block;
      if (block.base + addressCount(bits) > first.base + addressCount(zoneMask)) {
        throw new Error(`subnetSpecs: in the order given, ${formatCidr(block)} is not within its zone's block`);
      }
      const own = spec.name ?? spec.type.toLowerCase();
      return {
        type: spec.type,
        zone,
        cidr: formatCidr(block),
        name: `${name}-${own}-${zoneIndex + 1}`,
        tags: spec.tags ?? {},
      };
    });
  });
}
