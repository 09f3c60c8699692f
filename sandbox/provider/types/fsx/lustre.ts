import type {
  CreateFileSystemLustreConfiguration,
  DataCompressionType,
  DriveCacheType,
  LustreDeploymentType,
} from "@aws-sdk/client-fsx";
import { resource } from "../../resource/resource.js";
import { boolean, number, string, type Values } from "../../resource/schema.js";
import { finalBackup, updating } from "./changes.js";
import { COMMON, COMMON_OUTPUTS, create, find, remove, shown, untilAvailable } from "./file-system.js";

const TYPE = "LUSTRE";

const INPUTS = {
  ...COMMON,
  automaticBackupRetentionDays: number({ computed: true }),
  copyTagsToBackups: boolean({ default: false, replace: true }),
  dataCompressionType: string({ default: "NONE" }),
  deploymentType: string({ default: "SCRATCH_1", replace: true }),
  driveCacheType: string({ replace: true }),
  fileSystemTypeVersion: string({ computed: true, replace: true }),
  perUnitStorageThroughput: number({ replace: true }),
  skipFinalBackup: boolean({ default: true }),
  // The official provider has one subnet, without a list around it.
  subnetIds: string({ required: true, replace: true }),
};
type Inputs = Values<typeof INPUTS>;

/** What UpdateFileSystem changes, each told only where it is another. */
const CHANGED_IN_PLACE = [
  "automaticBackupRetentionDays",
  "dailyAutomaticBackupStartTime",
  "dataCompressionType",
  "storageCapacity",
  "weeklyMaintenanceStartTime",
] as const;

export const lustreFileSystem = resource({
  token: "aws:fsx/lustreFileSystem:LustreFileSystem",
  inputs: INPUTS,
  outputs: [...COMMON_OUTPUTS, "mountName"],
  create: (context, inputs) =>
    create(
      context,
      TYPE,
      { ...inputs, subnetIds: [inputs.subnetIds] },
      {
        FileSystemTypeVersion: inputs.fileSystemTypeVersion,
        LustreConfiguration: configuration(inputs),
      },
    ),
  settle: (context, id) => untilAvailable(context, id, TYPE),
  async read(context, id) {
    const seen = await find(context, id, TYPE);
    const own = seen?.LustreConfiguration;
    if (!seen || !own) return undefined;
    return {
      ...shown(seen, own),
      dataCompressionType: own.DataCompressionType,
      driveCacheType: own.DriveCacheType,
      fileSystemTypeVersion: seen.FileSystemTypeVersion,
      mountName: own.MountName,
      perUnitStorageThroughput: own.PerUnitStorageThroughput,
      subnetIds: seen.SubnetIds?.[0],
    };
  },
  update: updating(TYPE, CHANGED_IN_PLACE, (next: Inputs, only) => ({
    LustreConfiguration: only(configuration(next)),
  })),
  remove: (context, id, state) => remove(context, id, TYPE, { LustreConfiguration: finalBackup(state) }),
});

const configuration = (inputs: Inputs): CreateFileSystemLustreConfiguration => ({
  AutomaticBackupRetentionDays: inputs.automaticBackupRetentionDays,
  // AWS takes it of persistent ones alone.
  CopyTagsToBackups: inputs.copyTagsToBackups || undefined,
  DailyAutomaticBackupStartTime: inputs.dailyAutomaticBackupStartTime,
  // FSx judges these.
  DataCompressionType: inputs.dataCompressionType as DataCompressionType,
  DeploymentType: inputs.deploymentType as LustreDeploymentType,
  DriveCacheType: inputs.driveCacheType as DriveCacheType | undefined,
  PerUnitStorageThroughput: inputs.perUnitStorageThroughput,
  WeeklyMaintenanceStartTime: inputs.weeklyMaintenanceStartTime,
});
