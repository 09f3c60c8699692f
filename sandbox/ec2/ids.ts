import { createHash, randomBytes } from "node:crypto";
import { Ec2Error, invalidValue } from "./errors.js";

type IdKind = "instance" | "volume" | "snapshot" | "image";

const PREFIX = { instance: "i-", volume: "vol-", snapshot: "snap-", image: "ami-" } as const;

/** A fresh id in the long format (EC2 user guide, "Resource IDs": a prefix and 17 hexadecimal characters). */
export const freshId = (prefix: string): string => `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;

/** An id that is always the same for the same words: default VPCs, subnets, AMI snapshots. */
export const derivedId = (prefix: string, ...words: readonly string[]): string =>
  `${prefix}-${createHash("sha256").update(words.join("\n")).digest("hex").slice(0, 17)}`;

/** What kind of resource an id names, by its prefix. */
export const kindOf = (id: string): IdKind | undefined => {
  if (id.startsWith("i-")) return "instance";
  if (id.startsWith("vol-")) return "volume";
  if (id.startsWith("snap-")) return "snapshot";
  return id.startsWith("ami-") ? "image" : undefined;
};

/**
 * Refuses an id that cannot be one. AWS differs by kind: a bad volume id is InvalidParameterValue (seen in the field), a
 * snapshot id with the right prefix InvalidSnapshotID.Malformed, anything else InvalidParameterValue; instances and
 * AMIs have their own Malformed codes (EC2 developer guide, errors-overview). Documented or from the field, not recorded.
 */
export function checkId(kind: IdKind, id: string, parameter: string): void {
  const prefix = PREFIX[kind];
  if (id.startsWith(prefix) && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(id.slice(prefix.length))) return;
  if (kind === "instance") throw new Ec2Error("InvalidInstanceID.Malformed", `Invalid id: "${id}"`);
  if (kind === "image") throw new Ec2Error("InvalidAMIID.Malformed", `Invalid id: "${id}" (expecting "ami-...")`);
  if (kind === "snapshot" && id.startsWith(prefix)) {
    throw new Ec2Error("InvalidSnapshotID.Malformed", `Invalid id: "${id}" (expecting "snap-...")`);
  }
  throw invalidValue(`Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}...'.`);
}

/** The error for ids that are well formed and name nothing here (errors-overview). */
export function notFound(kind: IdKind, ids: readonly string[]): Ec2Error {
  const quoted = `'${ids.join(", ")}'`;
  const many = ids.length > 1;
  switch (kind) {
    case "instance":
      return new Ec2Error(
        "InvalidInstanceID.NotFound",
        `The instance ID${many ? "s" : ""} ${quoted} do${many ? "" : "es"} not exist`,
      );
    case "image":
      return new Ec2Error(
        "InvalidAMIID.NotFound",
        `The image id${many ? "s" : ""} ${quoted} do${many ? "" : "es"} not exist`,
      );
    case "volume":
      return new Ec2Error(
        "InvalidVolume.NotFound",
        `The volume${many ? "s" : ""} ${quoted} do${many ? "" : "es"} not exist.`,
      );
    case "snapshot":
      return new Ec2Error(
        "InvalidSnapshot.NotFound",
        `The snapshot${many ? "s" : ""} ${quoted} do${many ? "" : "es"} not exist.`,
      );
  }
}
