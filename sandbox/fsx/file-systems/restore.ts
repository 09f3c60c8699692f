import type * as sdk from "@aws-sdk/client-fsx";
import { ApiError } from "../../wire/errors.js";
import { lifecycleOf } from "../backups/lifecycle.js";
import type { Call } from "../call.js";
import { badRequest, notFound } from "../errors.js";
import type { Backup, FileSystem } from "../state/model.js";
import { readTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import type { Wish } from "./configuration.js";
import { newFileSystem } from "./create.js";
import { show } from "./describe.js";

/**
 * API_CreateFileSystemFromBackup. "Parameters like the Active Directory ... default to the parameters of the file system that was
 * backed up, unless overridden." The files are there when it is AVAILABLE.
 */
export async function createFileSystemFromBackup(
  call: Call,
  request: sdk.CreateFileSystemFromBackupRequest,
): Promise<sdk.CreateFileSystemFromBackupResponse> {
  const token = readToken(call, "CreateFileSystemFromBackup");
  const before = madeBefore(call.store.fileSystems(call.region), token);
  if (before) return { FileSystem: show(call, before) };
  const backup = await usableBackup(call, request.BackupId ?? "");
  const remembered = backup.fileSystem;
  if (!remembered) throw badRequest(`The backup ${backup.id} is of a volume: a volume can be made from it`);
  checkSame(request, remembered);
  const made = await newFileSystem(call, backup.fileSystemType, {
    ...request,
    StorageCapacity: request.StorageCapacity ?? remembered.StorageCapacity,
    StorageType: request.StorageType ?? remembered.StorageType,
    FileSystemTypeVersion: request.FileSystemTypeVersion ?? remembered.FileSystemTypeVersion,
    ...configurationOf(request, remembered),
  });
  const tags = readTags(call, request.Tags);
  const fileSystem: FileSystem = { ...made, tags, backup: backup.id, ...(token && { token }) };
  await call.contents.make(fileSystem.id, backup.content);
  call.store.commit([{ put: fileSystem }]);
  return { FileSystem: show(call, fileSystem) };
}

/** A backup that something can be made from. The sentences, and that a key that cannot be used is found out now, are unproven. */
export async function usableBackup(call: Call, id: string): Promise<Backup> {
  const { store, region, now, neighbours } = call;
  const backup = store.find("backup", region, id);
  if (!backup) throw notFound("backup", id);
  const lifecycle = lifecycleOf(backup, now);
  if (lifecycle !== "AVAILABLE") throw badRequest(`The backup ${id} is ${lifecycle}: it must be AVAILABLE`);
  const { kmsKeyId } = backup;
  if (kmsKeyId !== undefined && (await neighbours.key(region, kmsKeyId)) === undefined)
    throw badRequest(`The KMS key ${kmsKeyId} of the backup ${id} cannot be used`);
  return backup;
}

/**
 * The size stays but for OpenZFS, which may grow (API_CreateFileSystemFromBackup, StorageCapacity); Windows keeps its deployment
 * type too (FSx for Windows user guide, "Restoring backups").
 */
function checkSame(request: sdk.CreateFileSystemFromBackupRequest, remembered: sdk.FileSystem): void {
  const { StorageCapacity: before = 0, FileSystemType: type } = remembered;
  const { StorageCapacity: wanted = before } = request;
  if (type === "OPENZFS" ? wanted < before : wanted !== before) {
    const allowed = type === "OPENZFS" ? `at least ${before}` : `${before}`;
    throw badRequest(`StorageCapacity must be ${allowed} GiB as that of the backup, but is ${wanted}`);
  }
  const deployment = remembered.WindowsConfiguration?.DeploymentType;
  const asked = request.WindowsConfiguration?.DeploymentType ?? deployment;
  if (asked !== deployment)
    throw badRequest(`DeploymentType must be ${deployment} as that of the backup, but is ${asked}`);
}

/** What was asked for over what the backup remembers. */
function configurationOf(
  { WindowsConfiguration, LustreConfiguration, OpenZFSConfiguration }: sdk.CreateFileSystemFromBackupRequest,
  remembered: sdk.FileSystem,
): Partial<Wish> {
  const lustre = remembered.LustreConfiguration;
  const openZfs = remembered.OpenZFSConfiguration;
  return {
    ...(remembered.WindowsConfiguration && {
      WindowsConfiguration: windowsOf(WindowsConfiguration, remembered.WindowsConfiguration),
    }),
    ...(lustre && {
      LustreConfiguration: {
        ...timesOf(lustre),
        DeploymentType: lustre.DeploymentType,
        PerUnitStorageThroughput: lustre.PerUnitStorageThroughput,
        DataCompressionType: lustre.DataCompressionType,
        DriveCacheType: lustre.DriveCacheType,
        ...LustreConfiguration,
      },
    }),
    ...(openZfs && {
      OpenZFSConfiguration: {
        ...timesOf(openZfs),
        DeploymentType: openZfs.DeploymentType,
        ThroughputCapacity: openZfs.ThroughputCapacity,
        ...OpenZFSConfiguration,
      },
    }),
  };
}

type Times = Pick<
  sdk.WindowsFileSystemConfiguration,
  "WeeklyMaintenanceStartTime" | "DailyAutomaticBackupStartTime" | "AutomaticBackupRetentionDays"
>;

const timesOf = ({
  WeeklyMaintenanceStartTime,
  DailyAutomaticBackupStartTime,
  AutomaticBackupRetentionDays = 0,
}: Times): Times => ({ WeeklyMaintenanceStartTime, DailyAutomaticBackupStartTime, AutomaticBackupRetentionDays });

/** No backup has the throughput, which has to be given, nor the password of a directory of one's own. */
function windowsOf(
  asked: sdk.CreateFileSystemWindowsConfiguration | undefined,
  remembered: sdk.WindowsFileSystemConfiguration,
): sdk.CreateFileSystemWindowsConfiguration {
  if (!asked)
    throw new ApiError("MissingFileSystemConfiguration", "WindowsConfiguration with ThroughputCapacity is missing");
  const isNamed = asked.ActiveDirectoryId ?? asked.SelfManagedActiveDirectoryConfiguration;
  const { ActiveDirectoryId } = remembered;
  return {
    ...timesOf(remembered),
    DeploymentType: remembered.DeploymentType,
    ...(isNamed === undefined && ActiveDirectoryId !== undefined && { ActiveDirectoryId }),
    ...asked,
  };
}
