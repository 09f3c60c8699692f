import type { Checks } from "../core/checks.js";
import { NAT_STRATEGIES, type NetworkSettings } from "./workload-model.js";

const KNOWN = ["cidr", "zones", "natGateways", "allowFrom"];

/** A block of IPv4 addresses, no part of which is left of the mask. */
const isCidr = (text: string): boolean => {
  const [, ...parts] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text) ?? [];
  const [bits = 33, ...bytes] = parts.map(Number).reverse();
  return bits <= 32 && bytes.every((byte) => byte <= 255);
};

/** VPC user guide, "VPC CIDR blocks": /16 to /28. The share of a zone, of up to six, must hold two subnets: /26. */
const isVpcCidr = (text: string): boolean => {
  const bits = Number(text.split("/")[1]);
  return isCidr(text) && bits >= 16 && bits <= 23;
};

/** Reads the network of a workload; without one it has all defaults. */
export function readNetwork(checks: Checks, value: unknown): NetworkSettings {
  const path = "workload.network";
  const fields = checks.object(path, value ?? {}, KNOWN, "an object like { zones: 2, natGateways: Single }");
  const { zones = 2, natGateways = "Single", allowFrom = ["0.0.0.0/0"] } = fields;
  const strategy = NAT_STRATEGIES.find((one) => one === natGateways);
  if (!strategy) checks.add(`${path}.natGateways`, natGateways, `one of ${NAT_STRATEGIES.join(", ")}`);
  const wholeZones = typeof zones === "number" && Number.isInteger(zones) && zones >= 1 && zones <= 6;
  if (!wholeZones) checks.add(`${path}.zones`, zones, "a whole number from 1 to 6, of zones that the region has");
  const blocks = checks
    .list(`${path}.allowFrom`, allowFrom, "a list of blocks of addresses like 203.0.113.0/24")
    .map((block, i) =>
      checks.text(`${path}.allowFrom[${i}]`, block, isCidr, "a block of addresses like 203.0.113.0/24"),
    );
  blocks.forEach((block, i) => {
    if (block !== "" && blocks.indexOf(block) < i) checks.add(`${path}.allowFrom[${i}]`, block, "each block once");
  });
  return {
    cidr: checks.text(
      `${path}.cidr`,
      fields["cidr"] ?? "10.0.0.0/16",
      isVpcCidr,
      "a block from /16 to /23 like 10.0.0.0/16",
    ),
    zones: wholeZones ? zones : 1,
    natGateways: strategy ?? "Single",
    allowFrom: blocks,
  };
}
