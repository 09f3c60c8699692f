import type { CreateFileSystemWindowsConfiguration, WindowsDeploymentType } from "@aws-sdk/client-fsx";
import { resource } from "../../resource/resource.js";
import { boolean, number, string, type Values } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { finalBackup, updating } from "./changes.js";
import { COMMON, COMMON_OUTPUTS, create, find, remove, shown, untilAvailable } from "./file-system.js";

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
      ...shown(seen, own),
      activeDirectoryId: own.ActiveDirectoryId,
      preferredFileServerIp: own.PreferredFileServerIp,
      preferredSubnetId: own.PreferredSubnetId,
      remoteAdministrationEndpoint: own.RemoteAdministrationEndpoint,
      throughputCapacity: own.ThroughputCapacity,
    };
  },
  update: updating(TYPE, CHANGED_IN_PLACE, (next: Inputs, only) => ({
    WindowsConfiguration: only(configuration(next)),
  })),
  remove: (context, id, state) => remove(context, id, TYPE, { WindowsConfiguration: finalBackup(state) }),
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
