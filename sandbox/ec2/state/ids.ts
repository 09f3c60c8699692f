import { hash } from "node:crypto";
import { Ec2Error, invalidValue } from "../wire/errors.js";
import type { Entity } from "./model.js";

export { freshId } from "../../state/ids.js";

export type IdKind = Entity["kind"];

interface IdRule {
  readonly prefix: string;
  /** InvalidParameterValue where there is no code for it. */
  readonly malformed?: string;
  readonly notFound: string;
  /** What the message calls it, before and after the ids. */
  readonly words: readonly [one: string, many: string, end: string];
}

const DOES = ["does not exist", "do not exist"] as const;

/**
 * Prefixes and codes of the EC2 developer guide, errors-overview. Of the messages some are from the field; none was recorded
 * from an account by us. AWS differs by kind: a bad volume id is InvalidParameterValue (seen in the field).
 */
const RULES: Readonly<Record<IdKind, IdRule>> = {
  instance: {
    prefix: "i",
    malformed: "InvalidInstanceID.Malformed",
    notFound: "InvalidInstanceID.NotFound",
    words: ["The instance ID", "The instance IDs", ""],
  },
  image: {
    prefix: "ami",
    malformed: "InvalidAMIID.Malformed",
    notFound: "InvalidAMIID.NotFound",
    words: ["The image id", "The image ids", ""],
  },
  volume: { prefix: "vol", notFound: "InvalidVolume.NotFound", words: ["The volume", "The volumes", "."] },
  snapshot: {
    prefix: "snap",
    malformed: "InvalidSnapshotID.Malformed",
    notFound: "InvalidSnapshot.NotFound",
    words: ["The snapshot", "The snapshots", "."],
  },
  vpc: {
    prefix: "vpc",
    malformed: "InvalidVpcID.Malformed",
    notFound: "InvalidVpcID.NotFound",
    words: ["The vpc ID", "The vpc IDs", ""],
  },
  subnet: {
    prefix: "subnet",
    malformed: "InvalidSubnetID.Malformed",
    notFound: "InvalidSubnetID.NotFound",
    words: ["The subnet ID", "The subnet IDs", ""],
  },
  "route-table": {
    prefix: "rtb",
    malformed: "InvalidRouteTableId.Malformed",
    notFound: "InvalidRouteTableID.NotFound",
    words: ["The routeTable ID", "The routeTable IDs", ""],
  },
  "internet-gateway": {
    prefix: "igw",
    malformed: "InvalidInternetGatewayId.Malformed",
    notFound: "InvalidInternetGatewayID.NotFound",
    words: ["The internetGateway ID", "The internetGateway IDs", ""],
  },
  natgateway: {
    prefix: "nat",
    malformed: "NatGatewayMalformed",
    notFound: "NatGatewayNotFound",
    words: ["The NAT gateway", "The NAT gateways", ""],
  },
  "elastic-ip": {
    prefix: "eipalloc",
    notFound: "InvalidAllocationID.NotFound",
    words: ["The allocation ID", "The allocation IDs", ""],
  },
  "security-group": {
    prefix: "sg",
    malformed: "InvalidGroupId.Malformed",
    notFound: "InvalidGroup.NotFound",
    words: ["The security group", "The security groups", ""],
  },
  "security-group-rule": {
    prefix: "sgr",
    malformed: "InvalidSecurityGroupRuleId.Malformed",
    notFound: "InvalidSecurityGroupRuleId.NotFound",
    words: ["The security group rule ID", "The security group rule IDs", ""],
  },
  "launch-template": {
    prefix: "lt",
    malformed: "InvalidLaunchTemplateId.Malformed",
    notFound: "InvalidLaunchTemplateId.NotFound",
    words: ["The launch template ID", "The launch template IDs", ""],
  },
};

const KINDS = new Map(Object.entries(RULES).map(([kind, { prefix }]) => [prefix, kind as IdKind]));

/** An id that is always the same for the same words: default VPCs, subnets, AMI snapshots. */
export const derivedId = (prefix: string, ...words: readonly string[]): string =>
  `${prefix}-${hash("sha256", words.join("\n")).slice(0, 17)}`;

/** What kind of resource an id names, by its prefix. */
export const kindOf = (id: string): IdKind | undefined => KINDS.get(id.slice(0, Math.max(0, id.indexOf("-"))));

/** Refuses an id that cannot be one. */
export function checkId(kind: IdKind, id: string, parameter: string): void {
  const { prefix, malformed } = RULES[kind];
  const rightPrefix = id.startsWith(`${prefix}-`);
  if (rightPrefix && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(id.slice(prefix.length + 1))) return;
  // A snapshot id with another prefix is InvalidParameterValue.
  if (malformed !== undefined && (rightPrefix || kind !== "snapshot")) {
    const hint = kind === "instance" ? "" : ` (expecting "${prefix}-...")`;
    throw new Ec2Error(malformed, `Invalid id: "${id}"${hint}`);
  }
  throw invalidValue(`Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}-...'.`);
}

/** The error for ids that are well formed and name nothing here. */
export function notFound(kind: IdKind, ids: readonly string[]): Ec2Error {
  const { notFound: code, words } = RULES[kind];
  const many = ids.length > 1 ? 1 : 0;
  return new Ec2Error(code, `${words[many]} '${ids.join(", ")}' ${DOES[many]}${words[2]}`);
}
