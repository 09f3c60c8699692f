import type * as pulumi from "@pulumi/pulumi";
import { arnsOf } from "../../../components/iam/arns.js";
import type { Statement } from "../../../components/iam/service-role.js";
import type { Site } from "../../../components/site.js";
import { parseKmsKey } from "../../../core/names/kms.js";
import { TAG, TAG_PREFIX } from "../../../core/names/tags.js";
import { ebsOf, ebsOfCopy } from "../config.js";
import { volumeKeysOf } from "../labels.js";

/**
 * What functions are allowed in EC2. Rules: Service Authorization Reference, "Amazon EC2". Where the stack only plans they may
 * look, and nothing else.
 */
const onlyPlans = (site: Site): boolean => site.settings.mode === "plan";

/** Reading EC2 cannot be limited to resources: AWS wants `*` for every Describe. */
export const describe = (...what: readonly string[]): Statement => ({
  sid: "ReadEc2",
  actions: what.map((one) => `ec2:Describe${one}`),
  resources: ["*"],
});

/** Making points: the new snapshots must carry our tag, and tags are put on nothing but what the same call makes. */
export const createSnapshots = (site: Site): Statement[] => {
  if (onlyPlans(site)) return [];
  const arns = arnsOf(site);
  return [
    { sid: "SnapshotFrom", actions: ["ec2:CreateSnapshots"], resources: [arns.instances, arns.volumes] },
    { sid: "SnapshotTo", actions: ["ec2:CreateSnapshots"], resources: [arns.snapshots], conditions: ourTag(site) },
    tagOnly(site, "TagWhatIsMade", "CreateSnapshots"),
    ...(site.settings.policies.some((policy) => policy.kinds?.includes("volume")) ? createSnapshot(site) : []),
  ];
};

/** Points of single volumes, where a policy has such. */
const createSnapshot = (site: Site): Statement[] => {
  const arns = arnsOf(site);
  return [
    { sid: "OneFrom", actions: ["ec2:CreateSnapshot"], resources: [arns.volumes] },
    { sid: "OneTo", actions: ["ec2:CreateSnapshot"], resources: [arns.snapshots], conditions: ourTag(site) },
    tagOnly(site, "TagOne", "CreateSnapshot"),
  ];
};

/** Pulling copies: since 2025 the source is authorized too (EBS user guide, "Copy an Amazon EBS snapshot"). */
export const copySnapshot = (site: Site): Statement[] => {
  if (onlyPlans(site)) return [];
  const arns = arnsOf(site);
  const { deployment, peers } = site.settings;
  const keys = [...peers.map(arns.keysIn), ...ownKeys(site)];
  const viaEc2 = { StringLike: { "kms:ViaService": "ec2.*" } };
  return [
    {
      sid: "CopyFrom",
      actions: ["ec2:CopySnapshot"],
      resources: peers.map(arns.snapshotsIn),
      conditions: { StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment } },
    },
    { sid: "CopyTo", actions: ["ec2:CopySnapshot"], resources: [arns.snapshots], conditions: ourTag(site) },
    tagOnly(site, "TagWhatIsMade", "CopySnapshot"),
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
      conditions: viaEc2,
    },
    {
      sid: "GrantKeys",
      actions: ["kms:CreateGrant"],
      resources: keys,
      conditions: { ...viaEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
};

/**
 * The keys that copies into the own region may be under: those that the policies name. IAM cannot name a key by its alias (KMS
 * developer guide, "Controlling access to your KMS keys"), and the region's default key is not known here: with either it is any
 * key, through EC2 only.
 */
function ownKeys(site: Site): pulumi.Input<string>[] {
  const arns = arnsOf(site);
  const { region, policies } = site.settings;
  const rules = policies.flatMap((policy) => policy.copy).filter((rule) => rule.region === region);
  const named = new Map<string, pulumi.Input<string>>();
  for (const { kmsKey } of rules) {
    const key = kmsKey === undefined ? undefined : parseKmsKey(kmsKey)?.key;
    if (kmsKey === undefined || key === undefined) return [arns.keysIn(region)];
    named.set(kmsKey, "arn" in key ? key.arn : arns.key(region, key.id));
  }
  return named.size === 0 ? [arns.keysIn(region)] : [...named.values()];
}

/** Locking new points: ours, and for no longer than a policy says, since such a lock may be for ever. Nothing may unlock. */
export const lockSnapshots = (site: Site): Statement[] => {
  const { deployment, role, region, policies } = site.settings;
  const days = policies.flatMap((policy) => {
    const here = policy.copy.filter((rule) => rule.region === region);
    const locks = role === "primary" ? [ebsOf(policy).lock] : here.map((rule) => ebsOfCopy(rule).lock);
    return locks.flatMap((one) => one?.days ?? []);
  });
  if (days.length === 0 || onlyPlans(site)) return [];
  return [
    {
      sid: "LockOurs",
      actions: ["ec2:LockSnapshot"],
      resources: [arnsOf(site).snapshots],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment },
        NumericLessThanEquals: { "ec2:SnapshotLockDuration": String(Math.max(...days)) },
      },
    },
  ];
};

/** Text of people as IAM reads it: a dollar would begin a variable (IAM user guide, "IAM policy elements: Variables and tags"). */
const literally = (text: string): string => text.replaceAll("$", () => `\${$}`);

/**
 * Tags that tell a snapshot's own volume come after the call that makes a set: on ours only, and with no keys but those that
 * policies have for them, so that it can make nothing ours, nor keep or free anything.
 */
export const tagSnapshots = (site: Site): Statement[] => {
  const { deployment, policies } = site.settings;
  const keys = volumeKeysOf(policies);
  if (keys.length === 0 || onlyPlans(site)) return [];
  return [
    {
      sid: "TagOurs",
      actions: ["ec2:CreateTags"],
      resources: [arnsOf(site).snapshots],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment },
        "ForAllValues:StringEquals": { "aws:TagKeys": keys.map(literally) },
        Null: { "aws:TagKeys": "false" },
      },
    },
  ];
};

/**
 * Expiring points: only what carries our tag, and not what somebody wants to keep, even if that was said after the survey. The
 * function that has this has no way to put either tag on anything.
 */
export const deleteSnapshot = (site: Site): Statement[] => {
  if (onlyPlans(site)) return [];
  const { deployment, tagNames } = site.settings;
  const conditions = {
    StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment },
    Null: { [`aws:ResourceTag/${tagNames.keepForever}`]: "true" },
  };
  return [{ sid: "DeleteOurs", actions: ["ec2:DeleteSnapshot"], resources: [arnsOf(site).snapshots], conditions }];
};

/** Making existing snapshots ours: with our tags alone, and never those that some deployment has already. */
export const tagExisting = (site: Site): Statement[] => {
  if (onlyPlans(site)) return [];
  const conditions = {
    ...ourTag(site),
    "ForAllValues:StringLike": { "aws:TagKeys": `${TAG_PREFIX}*` },
    Null: { [`aws:ResourceTag/${TAG.deployment}`]: "true", "ec2:CreateAction": "true" },
  };
  return [{ sid: "AdoptSnapshots", actions: ["ec2:CreateTags"], resources: [arnsOf(site).snapshots], conditions }];
};

const ourTag = ({ settings }: Site) => ({
  StringEquals: { [`aws:RequestTag/${TAG.deployment}`]: settings.deployment },
});

const tagOnly = (site: Site, sid: string, createAction: string): Statement => ({
  sid,
  actions: ["ec2:CreateTags"],
  resources: [arnsOf(site).snapshots],
  conditions: { StringEquals: { "ec2:CreateAction": createAction } },
});
