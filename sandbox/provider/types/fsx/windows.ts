import type { CreateFileSystemWindowsConfiguration, WindowsDeploymentType } from "@aws-sdk/client-fsx";
import { toTagList } from "../../calls/tags.js";
import { resource } from "../../resource/resource.js";
import { boolean, number, string, type Values } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { COMMON, COMMON_OUTPUTS, change, create, find, remove, setTags, shown, untilAvailable } from "./file-system.js";

const TYPE = "WINDOWS";

const INPUTS = {
  ...COMMON,
  activeDirectoryId: string({ replace: true }),
  automaticBackupRetentionDays: number({ default: 7 }),
  copyTagsToBackups: boolean({ default: false, replace: true }),
  deploymentType: string({ default: "SINGLE_AZ_1", replace: true }),
  preferredSubnetId: string({ computed: true, replace: true }),
  skipFinalBackup: boolean({ default: false }),
  storageCapacity: number({ computed: true }),
  throughputCapacity: number({ required: true }),
};
type Inputs = Values<typeof INPUTS>;

/** What UpdateFileSystem changes, each told only where it is another. */
const CHANGED_IN_PLACE = [
  "automaticBackupRetentionDays",
  "dailyAutomaticBackupStartTime",
  "storageCapacity",
  "throughputCapacity",
  "weeklyMaintenanceStartTime",
] as const;

const needsDirectory = ({ activeDirectoryId, backupId }: Props) =>
  activeDirectoryId === undefined && backupId === undefined
    ? { property: "activeDirectoryId", reason: "it is required: the sandbox knows no directories of one's own" }
    : undefined;

export const windowsFileSystem = resource({
  token: "aws:fsx/windowsFileSystem:WindowsFileSystem",
  inputs: INPUTS,
  outputs: [...COMMON_OUTPUTS, "preferredFileServerIp", "remoteAdministrationEndpoint"],
  validate: needsDirectory,
  create: (context, inputs) => create(context, TYPE, inputs, { WindowsConfiguration: configuration(inputs) }),
  settle: (context, id) => untilAvailable(context, id, TYPE),
  async read(context, id) {
    const seen = await find(context, id, TYPE);
    const own = seen?.WindowsConfiguration;
    if (!seen || !own) return undefined;
    return {
      ...shown(seen),
      activeDirectoryId: own.ActiveDirectoryId,
      automaticBackupRetentionDays: own.AutomaticBackupRetentionDays,
      copyTagsToBackups: own.CopyTagsToBackups,
      dailyAutomaticBackupStartTime: own.DailyAutomaticBackupStartTime,
      deploymentType: own.DeploymentType,
      preferredFileServerIp: own.PreferredFileServerIp,
      preferredSubnetId: own.PreferredSubnetId,
      remoteAdministrationEndpoint: own.RemoteAdministrationEndpoint,
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
        WindowsConfiguration: {
          AutomaticBackupRetentionDays: to("automaticBackupRetentionDays", own.AutomaticBackupRetentionDays),
          DailyAutomaticBackupStartTime: to("dailyAutomaticBackupStartTime", own.DailyAutomaticBackupStartTime),
          ThroughputCapacity: to("throughputCapacity", own.ThroughputCapacity),
          WeeklyMaintenanceStartTime: to("weeklyMaintenanceStartTime", own.WeeklyMaintenanceStartTime),
        },
      });
    }
    if (changed.has("tagsAll")) await setTags(context, id, next.tagsAll, prior.tagsAll);
  },
  remove: (context, id, { skipFinalBackup, finalBackupTags }) =>
    remove(context, id, TYPE, {
      WindowsConfiguration: {
        SkipFinalBackup: skipFinalBackup,
        FinalBackupTags: finalBackupTags && toTagList(finalBackupTags),
      },
    }),
});

const configuration = (inputs: Inputs): CreateFileSystemWindowsConfiguration => ({
  ActiveDirectoryId: inputs.activeDirectoryId,
  AutomaticBackupRetentionDays: inputs.automaticBackupRetentionDays,
  CopyTagsToBackups: inputs.copyTagsToBackups,
  DailyAutomaticBackupStartTime: inputs.dailyAutomaticBackupStartTime,
  // FSx judges it.
  DeploymentType: inputs.deploymentType as WindowsDeploymentType,
  PreferredSubnetId: inputs.preferredSubnetId,
  ThroughputCapacity: inputs.throughputCapacity,
  WeeklyMaintenanceStartTime: inputs.weeklyMaintenanceStartTime,
});
