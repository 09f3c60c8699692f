import { isIPv6 } from "node:net";
import { formatCidr, parseCidr } from "../../cidr.js";
import type { Call } from "../call.js";
import { checkId, notFound } from "../state/ids.js";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import type { RuleContent, SecurityGroup } from "./model.js";

/** What a caller says of one rule. */
export interface RuleRequest {
  readonly content: RuleContent;
  readonly description?: string;
}

/** API_IpPermission, IpProtocol: by name or by number; a number other than these is allowed and has no ports. */
const NAMES: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" };

interface Traffic {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

export function readTraffic(params: Params): Traffic {
  const given = params.required("IpProtocol").toLowerCase();
  const protocol = NAMES[given] ?? given;
  const from = params.integer("FromPort");
  const to = params.integer("ToPort");
  if (protocol !== "-1" && !/^(tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol)) {
    throw new Ec2Error(
      "InvalidPermission.Malformed",
      `Unsupported IP protocol "${given}" - supported: [tcp, udp, icmp]`,
    );
  }
  // "Specifying -1 or a protocol number other than tcp, udp, icmp, or icmpv6 allows traffic on all ports".
  if (protocol === "-1" || /^\d/.test(protocol)) return { protocol, from: -1, to: -1 };
  if (from === undefined || to === undefined) throw missingParameter(from === undefined ? "fromPort" : "toPort");
  const ports = protocol === "tcp" || protocol === "udp";
  if (ports && (from < 0 || to > 65_535 || from > to)) {
    throw invalidValue(
      `Invalid value '${from}-${to}' for portRange. Must specify ports from 0 to 65535, the first not after the last`,
    );
  }
  return { protocol, from, to };
}

export function readCidr4(text: string): string {
  const cidr = parseCidr(text);
  if (!cidr) throw invalidValue(`CIDR block ${text} is malformed`);
  return formatCidr(cidr);
}

export function readCidr6(text: string): string {
  const [address = "", bits = ""] = text.split("/");
  if (!isIPv6(address) || !/^\d{1,3}$/.test(bits) || Number(bits) > 128)
    throw invalidValue(`CIDR block ${text} is malformed`);
  return text.toLowerCase();
}

/** A group that a rule speaks of: of the same VPC. */
export function readPeer(call: Call, id: string, of: SecurityGroup): string {
  checkId("security-group", id, "groupId");
  const peer = call.shelf.groups.get(id);
  if (!peer) throw notFound("security-group", [id]);
  if (peer.vpc !== of.vpc) {
    throw new Ec2Error("InvalidGroup.NotFound", `You have specified two resources that belong to different networks.`);
  }
  return id;
}

/** The rules of a request: `IpPermissions.N`, or one in the parameters themselves. */
export function readRules(call: Call, params: Params, group: SecurityGroup, egress: boolean): RuleRequest[] {
  const permissions = params.structures("IpPermissions");
  const flat = params.has("IpProtocol");
  if (flat && permissions.length > 0) throw invalidCombination("IpPermissions cannot be used with IpProtocol");
  if (flat) {
    const content: RuleContent = { egress, ...readTraffic(params), cidr: readCidr4(params.required("CidrIp")) };
    return [{ content }];
  }
  const rules = permissions.flatMap((permission) => {
    const traffic = readTraffic(permission);
    const peers = (
      name: string,
      read: (peer: Params) => Pick<RuleContent, "cidr" | "cidr6" | "group">,
    ): RuleRequest[] =>
      permission.structures(name).map((peer) => {
        const description = peer.optional("Description");
        const content = { egress, ...traffic, ...read(peer) };
        return { content, ...(description === undefined ? {} : { description }) };
      });
    const found = [
      ...peers("IpRanges", (peer) => ({ cidr: readCidr4(peer.required("CidrIp")) })),
      ...peers("Ipv6Ranges", (peer) => ({ cidr6: readCidr6(peer.required("CidrIpv6")) })),
      ...peers("Groups", (peer) => {
        const owner = peer.optional("UserId");
        if (owner !== undefined && owner !== call.context.account) throw invalidValue(`Invalid account ${owner}`);
        return { group: readPeer(call, peer.required("GroupId"), group) };
      }),
    ];
    if (found.length === 0) throw missingParameter("IpRanges, Ipv6Ranges or Groups");
    return found;
  });
  return rules;
}

const PROTOCOLS: Readonly<Record<string, string>> = { "-1": "ALL" };

/** A rule in the words of AWS's messages: `peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW`. */
export function inWords({ protocol, from, to, cidr, cidr6, group }: RuleContent): string {
  const ports = protocol === "-1" ? "" : `from port: ${from}, to port: ${to}, `;
  return `peer: ${cidr ?? cidr6 ?? group}, ${PROTOCOLS[protocol] ?? protocol.toUpperCase()}, ${ports}ALLOW`;
}

/** Whether two rules of a group let the same through. */
export const sameContent = (a: RuleContent, b: RuleContent): boolean =>
  (["egress", "protocol", "from", "to", "cidr", "cidr6", "group"] as const).every((field) => a[field] === b[field]);
