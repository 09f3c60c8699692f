import { TAG } from "../core/tags.js";
import { arnsOf } from "./arns.js";
import type { Statement } from "./service-role.js";
import type { Site } from "./site.js";

/** What functions are allowed in EC2. Rules: Service Authorization Reference, "Amazon EC2". */

/** Reading EC2 cannot be limited to resources: AWS wants `*` for every Describe. */
export const describe = (...what: readonly string[]): Statement => ({
  sid: "ReadEc2",
  actions: what.map((one) => `ec2:Describe${one}`),
  resources: ["*"],
});

/** Making points: the new snapshots must carry our tag, and tags are put on nothing but what the same call makes. */
export const createSnapshots = (site: Site): Statement[] => {
  const arns = arnsOf(site);
  return [
    { sid: "SnapshotFrom", actions: ["ec2:CreateSnapshots"], resources: [arns.instances, arns.volumes] },
    { sid: "SnapshotTo", actions: ["ec2:CreateSnapshots"], resources: [arns.snapshots], conditions: ourTag(site) },
    tagOnly(site, "CreateSnapshots"),
  ];
};

/** Pulling copies: since 2025 the source is authorized too (EBS user guide, "Copy an Amazon EBS snapshot"). */
export const copySnapshot = (site: Site): Statement[] => {
  const arns = arnsOf(site);
  const { deployment, region, peers } = site.settings;
  const keys = [...peers, region].map(arns.keysIn);
  return [
    {
      sid: "CopyFrom",
      actions: ["ec2:CopySnapshot"],
      resources: peers.map(arns.snapshotsIn),
      conditions: { StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment } },
    },
    { sid: "CopyTo", actions: ["ec2:CopySnapshot"], resources: [arns.snapshots], conditions: ourTag(site) },
    tagOnly(site, "CopySnapshot"),
    // Encrypted snapshots are read and written under their keys by EBS on the caller's behalf (EBS user guide, "Permissions").
    {
      sid: "UseKeys",
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKeyWithoutPlaintext",
      ],
      resources: keys,
      conditions: { StringLike: { "kms:ViaService": "ec2.*" } },
    },
    {
      sid: "GrantKeys",
      actions: ["kms:CreateGrant"],
      resources: keys,
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
};

/** Expiring points: only what carries our tag; the function that has this has no way to put the tag on anything. */
export const deleteSnapshot = (site: Site): Statement => ({
  sid: "DeleteOurs",
  actions: ["ec2:DeleteSnapshot"],
  resources: [arnsOf(site).snapshots],
  conditions: { StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: site.settings.deployment } },
});

const ourTag = ({ settings }: Site) => ({
  StringEquals: { [`aws:RequestTag/${TAG.deployment}`]: settings.deployment },
});

const tagOnly = (site: Site, createAction: "CreateSnapshots" | "CopySnapshot"): Statement => ({
  sid: "TagWhatIsMade",
  actions: ["ec2:CreateTags"],
  resources: [arnsOf(site).snapshots],
  conditions: { StringEquals: { "ec2:CreateAction": createAction } },
});
