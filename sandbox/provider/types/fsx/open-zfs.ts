import type {
  CreateFileSystemOpenZFSConfiguration,
  DeleteFileSystemOpenZFSOption,
  DiskIopsConfiguration,
  DiskIopsConfigurationMode,
  OpenZFSDeploymentType,
} from "@aws-sdk/client-fsx";
import { toTagList } from "../../calls/tags.js";
import { resource } from "../../resource/resource.js";
import { boolean, number, object, oneOf, set, string, type Values } from "../../resource/schema.js";
import { COMMON, COMMON_OUTPUTS, change, create, find, remove, setTags, shown, untilAvailable } from "./file-system.js";

const TYPE = "OPENZFS";

const INPUTS = {
  ...COMMON,
  automaticBackupRetentionDays: number({ default: 0 }),
  copyTagsToBackups: boolean({ default: false }),
  copyTagsToVolumes: boolean({ default: false }),
  deleteOptions: set(string({ check: oneOf("DELETE_CHILD_VOLUMES_AND_SNAPSHOTS") })),
  deploymentType: string({ required: true, replace: true }),
  diskIopsConfiguration: object(
    { iops: number({ computed: true }), mode: string({ default: "AUTOMATIC" }) },
    { computed: true },
  ),
  preferredSubnetId: string({ replace: true }),
  skipFinalBackup: boolean({ default: false }),
  throughputCapacity: number({ required: true }),
};
type Inputs = Values<typeof INPUTS>;

/** What UpdateFileSystem changes, each told only where it is another; how it goes away is told only then. */
const CHANGED_IN_PLACE = [
  "automaticBackupRetentionDays",
  "copyTagsToBackups",
  "copyTagsToVolumes",
  "dailyAutomaticBackupStartTime",
  "diskIopsConfiguration",
  "storageCapacity",
  "throughputCapacity",
  "weeklyMaintenanceStartTime",
] as const;

export const openZfsFileSystem = resource({
  token: "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
  inputs: INPUTS,
  outputs: [...COMMON_OUTPUTS, "endpointIpAddress", "rootVolumeId"],
  create: (context, inputs) => create(context, TYPE, inputs, { OpenZFSConfiguration: configuration(inputs) }),
  settle: (context, id) => untilAvailable(context, id, TYPE),
  async read(context, id) {
    const seen = await find(context, id, TYPE);
    const own = seen?.OpenZFSConfiguration;
    if (!seen || !own) return undefined;
    const iops = own.DiskIopsConfiguration;
    return {
      ...shown(seen),
      automaticBackupRetentionDays: own.AutomaticBackupRetentionDays,
      copyTagsToBackups: own.CopyTagsToBackups,
      copyTagsToVolumes: own.CopyTagsToVolumes,
      dailyAutomaticBackupStartTime: own.DailyAutomaticBackupStartTime,
      deploymentType: own.DeploymentType,
      diskIopsConfiguration: iops && { iops: iops.Iops, mode: iops.Mode },
      endpointIpAddress: own.EndpointIpAddress,
      preferredSubnetId: own.PreferredSubnetId,
      rootVolumeId: own.RootVolumeId,
      throughputCapacity: own.ThroughputCapacity,
      weeklyMaintenanceStartTime: own.WeeklyMaintenanceStartTime,
    };
  },
  async update(context, id, next, prior, changed) {
    if (CHANGED_IN_PLACE.some((property) => changed.has(property))) {
      const to = <T>(property: (typeof CHANGED_IN_PLACE)[number], value: T) =>
        changed.has(property) ? value : undefined;
      const own = configuration(next);
      await change(context, id, TYPE, {
        StorageCapacity: to("storageCapacity", next.storageCapacity),
        OpenZFSConfiguration: {
          AutomaticBackupRetentionDays: to("automaticBackupRetentionDays", own.AutomaticBackupRetentionDays),
          CopyTagsToBackups: to("copyTagsToBackups", own.CopyTagsToBackups),
          CopyTagsToVolumes: to("copyTagsToVolumes", own.CopyTagsToVolumes),
          DailyAutomaticBackupStartTime: to("dailyAutomaticBackupStartTime", own.DailyAutomaticBackupStartTime),
          DiskIopsConfiguration: to("diskIopsConfiguration", own.DiskIopsConfiguration),
          ThroughputCapacity: to("throughputCapacity", own.ThroughputCapacity),
          WeeklyMaintenanceStartTime: to("weeklyMaintenanceStartTime", own.WeeklyMaintenanceStartTime),
        },
      });
    }
    if (changed.has("tagsAll")) await setTags(context, id, next.tagsAll, prior.tagsAll);
  },
  remove: (context, id, { skipFinalBackup, finalBackupTags, deleteOptions }) =>
    remove(context, id, TYPE, {
      OpenZFSConfiguration: {
        SkipFinalBackup: skipFinalBackup,
        FinalBackupTags: finalBackupTags && toTagList(finalBackupTags),
        // Check knows the words.
        Options: deleteOptions as DeleteFileSystemOpenZFSOption[] | undefined,
      },
    }),
});

const configuration = (inputs: Inputs): CreateFileSystemOpenZFSConfiguration => ({
  AutomaticBackupRetentionDays: inputs.automaticBackupRetentionDays,
  CopyTagsToBackups: inputs.copyTagsToBackups,
  CopyTagsToVolumes: inputs.copyTagsToVolumes,
  DailyAutomaticBackupStartTime: inputs.dailyAutomaticBackupStartTime,
  // FSx judges it.
  DeploymentType: inputs.deploymentType as OpenZFSDeploymentType,
  DiskIopsConfiguration: inputs.diskIopsConfiguration && iopsOf(inputs.diskIopsConfiguration),
  PreferredSubnetId: inputs.preferredSubnetId,
  ThroughputCapacity: inputs.throughputCapacity,
  WeeklyMaintenanceStartTime: inputs.weeklyMaintenanceStartTime,
});

const iopsOf = ({ mode, iops }: NonNullable<Inputs["diskIopsConfiguration"]>): DiskIopsConfiguration => ({
  // FSx judges it.
  Mode: mode as DiskIopsConfigurationMode,
  Iops: iops,
});
