import * as v from "valibot";
import { doc } from "../core/config/doc.js";
import { fields } from "../core/config/fields.js";
import { once } from "../core/config/rules.js";
import { number, text } from "../core/config/values.js";

const NAT_STRATEGIES = ["None", "Single", "OnePerAz"] as const;

/** A block of IPv4 addresses, no part of which is left of the mask. */
const isCidr = (block: string): boolean => {
  const [, ...parts] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block) ?? [];
  const [bits = 33, ...bytes] = parts.map(Number).reverse();
  return bits <= 32 && bytes.every((byte) => byte <= 255);
};

/** VPC user guide, "VPC CIDR blocks": /16 to /28. The share of a zone, of up to six, must hold two subnets: /26. */
const isVpcCidr = (block: string): boolean => {
  const bits = Number(block.split("/")[1]);
  return isCidr(block) && bits >= 16 && bits <= 23;
};

const networkEntries = {
  cidr: v.exactOptional(
    v.pipe(
      text("a block from /16 to /23 like 10.0.0.0/16", v.check(isVpcCidr)),
      doc("text", "block of the VPC, /16 to /23"),
    ),
    "10.0.0.0/16",
  ),
  zones: v.exactOptional(
    v.pipe(
      number("a whole number from 1 to 6, of zones that the region has", v.integer(), v.minValue(1), v.maxValue(6)),
      doc("whole number, 1 to 6", "availability zones, each with a public and a private subnet"),
    ),
    2,
  ),
  natGateways: v.exactOptional(
    v.pipe(
      v.picklist(NAT_STRATEGIES, `one of ${NAT_STRATEGIES.join(", ")}`),
      doc("`None`, `Single` or `OnePerAz`", "the way out of private subnets; each costs by the hour"),
    ),
    "Single",
  ),
  allowFrom: v.exactOptional(
    v.pipe(
      v.array(
        text("a block of addresses like 203.0.113.0/24", v.check(isCidr)),
        "a list of blocks of addresses like 203.0.113.0/24",
      ),
      once("each block once"),
      doc("list of text", "blocks of addresses that reach the web tier"),
    ),
    ["0.0.0.0/0"],
  ),
} as const;

/** The network that the tiers of a workload are in. */
export const Network = fields("an object like { zones: 2, natGateways: Single }", networkEntries);
