import type {
  CreateFileSystemOpenZFSConfiguration,
  DeleteFileSystemOpenZFSOption,
  DiskIopsConfiguration,
  DiskIopsConfigurationMode,
  OpenZFSDeploymentType,
} from "@aws-sdk/client-fsx";
import { resource } from "../../resource/resource.js";
import { boolean, number, object, oneOf, set, string, type Values } from "../../resource/schema.js";
import { finalBackup, updating } from "./changes.js";
import { COMMON, COMMON_OUTPUTS, create, find, remove, shown, untilAvailable } from "./file-system.js";

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
      ...shown(seen, own),
      copyTagsToVolumes: own.CopyTagsToVolumes,
      diskIopsConfiguration: iops && { iops: iops.Iops, mode: iops.Mode },
      endpointIpAddress: own.EndpointIpAddress,
      preferredSubnetId: own.PreferredSubnetId,
      rootVolumeId: own.RootVolumeId,
      throughputCapacity: own.ThroughputCapacity,
    };
  },
  update: updating(TYPE, CHANGED_IN_PLACE, (next: Inputs, only) => ({
    OpenZFSConfiguration: only(configuration(next)),
  })),
  remove: (context, id, state) =>
    remove(context, id, TYPE, {
      OpenZFSConfiguration: {
        ...finalBackup(state),
        // Check knows the words.
        Options: state.deleteOptions as DeleteFileSystemOpenZFSOption[] | undefined,
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
