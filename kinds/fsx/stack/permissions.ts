import { arnsOf } from "../../../components/iam/arns.js";
import type { Statement } from "../../../components/iam/service-role.js";
import type { Site } from "../../../components/site.js";
import { TAG, TAG_PREFIX } from "../../../core/names/tags.js";
import { FSX, namesVolumes } from "../words.js";

/**
 * What functions are allowed in FSx. Rules: Service Authorization Reference, "Amazon FSx". Where the stack only plans they may look,
 * and nothing else.
 */
const onlyPlans = (site: Site): boolean => site.settings.mode === "plan";

/** Whether a policy protects anything of FSx: else nothing is made. What was made before is looked after, and expires. */
const isWanted = ({ settings }: Site): boolean =>
  settings.policies.some((policy) => FSX.resourceKinds.some((kind) => policy.kinds?.includes(kind)));

/** Reading FSx cannot be limited to resources. */
export const describe = (...what: readonly string[]): Statement => ({
  sid: "FsxRead",
  actions: what.map((one) => `fsx:Describe${one}`),
  resources: ["*"],
});

/** Which security groups a file system has, only its network interfaces tell; reading them cannot be limited to resources. */
export const describeInterfaces: Statement = {
  sid: "FsxGroups",
  actions: ["ec2:DescribeNetworkInterfaces"],
  resources: ["*"],
};

/** The tags of volumes in the region that has what is to be protected, where a policy asks for volumes. */
export const readVolumeTags = (site: Site): Statement[] => {
  const { role, region, peers, policies } = site.settings;
  if (!namesVolumes(policies)) return [];
  const homes = role === "primary" ? [region] : peers;
  const resources = homes.map((home) => arnsOf(site).regional("fsx", home, "volume/*"));
  return [{ sid: "FsxReadTags", actions: ["fsx:ListTagsForResource"], resources }];
};

const backups = (site: Site, region = site.settings.region) => arnsOf(site).regional("fsx", region, "backup/*");

const ourTag = ({ settings }: Site) => ({
  StringEquals: { [`aws:RequestTag/${TAG.deployment}`]: settings.deployment },
});

const ours = ({ settings }: Site) => ({ [`aws:ResourceTag/${TAG.deployment}`]: settings.deployment });

/** FSx knows no condition on the call that tags: so our tag goes onto nothing that some deployment has already. */
const tagWhatIsMade = (site: Site): Statement => ({
  sid: "FsxTag",
  actions: ["fsx:TagResource"],
  resources: [backups(site)],
  conditions: { ...ourTag(site), Null: { [`aws:ResourceTag/${TAG.deployment}`]: "true" } },
});

/** Making points: the new backups must carry our tag. */
export const createBackups = (site: Site): Statement[] => {
  if (onlyPlans(site) || !isWanted(site)) return [];
  const { region } = site.settings;
  const { regional } = arnsOf(site);
  const units = ["file-system/*", "volume/*"].map((unit) => regional("fsx", region, unit));
  return [
    { sid: "FsxBackUp", actions: ["fsx:CreateBackup"], resources: [...units, backups(site)], conditions: ourTag(site) },
    tagWhatIsMade(site),
  ];
};

/** Pulling copies: of our own backups at the other end, into backups that must carry our tag. */
export const copyBackups = (site: Site): Statement[] => {
  if (onlyPlans(site) || !isWanted(site)) return [];
  const { peers } = site.settings;
  return [
    {
      sid: "FsxCopyFrom",
      actions: ["fsx:CopyBackup"],
      resources: peers.map((peer) => backups(site, peer)),
      conditions: { StringEquals: ours(site) },
    },
    { sid: "FsxCopyTo", actions: ["fsx:CopyBackup"], resources: [backups(site)], conditions: ourTag(site) },
    tagWhatIsMade(site),
    ...useKeys(site),
  ];
};

/** Backups under keys of one's own are read and written by FSx on the caller's behalf (FSx user guides, "Encryption at rest"). */
function useKeys(site: Site): Statement[] {
  const { keysIn } = arnsOf(site);
  const { region, peers } = site.settings;
  const resources = [...peers, region].map(keysIn);
  const viaFsx = { StringLike: { "kms:ViaService": "fsx.*" } };
  return [
    {
      sid: "FsxUseKeys",
      actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      resources,
      conditions: viaFsx,
    },
    {
      sid: "FsxGrantKeys",
      actions: ["kms:CreateGrant"],
      resources,
      conditions: { ...viaFsx, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/**
 * Expiring points: only what carries our tag, and not what somebody wants to keep, even if that was said after the survey. The
 * function that has this has no way to put either tag on anything.
 */
export const deleteBackups = (site: Site): Statement[] => {
  if (onlyPlans(site)) return [];
  const conditions = {
    StringEquals: ours(site),
    Null: { [`aws:ResourceTag/${site.settings.tagNames.keepForever}`]: "true" },
  };
  return [{ sid: "FsxDeleteOurs", actions: ["fsx:DeleteBackup"], resources: [backups(site)], conditions }];
};

/** Making existing backups ours: with our tags alone, and never those that some deployment has already. */
export const tagExisting = (site: Site): Statement[] => {
  if (onlyPlans(site) || !isWanted(site)) return [];
  const conditions = {
    ...ourTag(site),
    "ForAllValues:StringLike": { "aws:TagKeys": `${TAG_PREFIX}*` },
    Null: { [`aws:ResourceTag/${TAG.deployment}`]: "true" },
  };
  return [
    describe("Backups"),
    { sid: "FsxAdopt", actions: ["fsx:TagResource"], resources: [backups(site)], conditions },
  ];
};
