import type * as sdk from "@aws-sdk/client-fsx";
import { arnOf } from "../arns.js";
import type { Call } from "../call.js";
import { UNKNOWN_DOMAIN } from "../file-systems/configuration.js";
import type { Backup, FileSystem } from "../state/model.js";
import { tagList } from "../tags.js";
import { lifecycleOf, progressOf } from "./lifecycle.js";

/** A backup as the API shows it. Recorded: backups of volumes have a ResourceType, those of file systems none. */
export function show({ context, now }: Call, one: Backup): sdk.Backup {
  const Lifecycle = lifecycleOf(one, now);
  return {
    BackupId: one.id,
    Lifecycle,
    ...(Lifecycle === "FAILED" && { FailureDetails: { Message: one.failure } }),
    Type: one.type,
    ProgressPercent: progressOf(one, now),
    CreationTime: new Date(one.createdAt),
    KmsKeyId: one.kmsKeyId,
    ResourceARN: arnOf(context.account, one),
    Tags: tagList(one.tags),
    FileSystem: one.fileSystem,
    DirectoryInformation: one.directory,
    OwnerId: context.account,
    ...(one.source && { SourceBackupId: one.source.id, SourceBackupRegion: one.source.region }),
    ...(one.volume && { ResourceType: "VOLUME", Volume: one.volume }),
    ...(Lifecycle === "AVAILABLE" && { SizeInBytes: one.bytes }),
  };
}

/**
 * What a backup remembers of its file system (recorded): neither where it lay nor how it is mounted. Of Lustre it has the type of
 * storage, of OpenZFS not; of Windows that is unproven.
 */
export function remembered(account: string, fileSystem: FileSystem): sdk.FileSystem {
  const { StorageCapacity, StorageType, WindowsConfiguration, LustreConfiguration, OpenZFSConfiguration } =
    fileSystem.described;
  const { FileSystemTypeVersion } = fileSystem.described;
  return {
    FileSystemId: fileSystem.id,
    FileSystemType: fileSystem.type,
    StorageCapacity,
    ...(fileSystem.type !== "OPENZFS" || StorageType === "INTELLIGENT_TIERING" ? { StorageType } : {}),
    ResourceARN: arnOf(account, fileSystem),
    ...(WindowsConfiguration && { WindowsConfiguration: windows(WindowsConfiguration) }),
    ...(LustreConfiguration && { LustreConfiguration: lustre(LustreConfiguration) }),
    ...(OpenZFSConfiguration && { OpenZFSConfiguration: openZfs(OpenZFSConfiguration) }),
    ...(FileSystemTypeVersion !== undefined && { FileSystemTypeVersion }),
  };
}

const windows = ({
  RemoteAdministrationEndpoint: _,
  PreferredSubnetId: __,
  PreferredFileServerIp: ___,
  MaintenanceOperationsInProgress: ____,
  ...kept
}: sdk.WindowsFileSystemConfiguration): sdk.WindowsFileSystemConfiguration => kept;

const lustre = ({
  MountName: _,
  CopyTagsToBackups: __,
  DataRepositoryConfiguration: ___,
  ...kept
}: sdk.LustreFileSystemConfiguration): sdk.LustreFileSystemConfiguration => kept;

const openZfs = ({
  RootVolumeId: _,
  CopyTagsToBackups: __,
  CopyTagsToVolumes: ___,
  PreferredSubnetId: ____,
  RouteTableIds: _____,
  EndpointIpAddressRange: ______,
  ...kept
}: sdk.OpenZFSFileSystemConfiguration): sdk.OpenZFSFileSystemConfiguration => kept;

/** API_ActiveDirectoryBackupAttributes. */
export function directoryOf({ described }: FileSystem): Pick<Backup, "directory"> {
  const { WindowsConfiguration: configuration } = described;
  if (!configuration) return {};
  const { ActiveDirectoryId, SelfManagedActiveDirectoryConfiguration: own } = configuration;
  const DomainName = own?.DomainName ?? UNKNOWN_DOMAIN;
  return { directory: { DomainName, ...(ActiveDirectoryId !== undefined && { ActiveDirectoryId }) } };
}
