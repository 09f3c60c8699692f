import type * as sdk from "@aws-sdk/client-fsx";
import { arnOf } from "../arns.js";
import { UNKNOWN_DOMAIN } from "../file-systems/configuration.js";
import type { Backup, FileSystem, Volume } from "../state/model.js";

/**
 * What a backup remembers of its file system (recorded): neither where it lay nor how it is mounted, of Windows not its throughput.
 * Of Lustre it has the type of storage, of OpenZFS not; of Windows that is unproven.
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
  ThroughputCapacity: ____,
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
  EndpointIpAddress: _______,
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

/** What a backup remembers of its volume (recorded: that its state is told as ACTIVE, and its ARN without the file system). */
export function rememberedVolume(account: string, volume: Volume): sdk.Volume {
  const { JunctionPath, SizeInMegabytes, StorageEfficiencyEnabled, StorageVirtualMachineId, TieringPolicy } =
    volume.described;
  return {
    FileSystemId: volume.fileSystem,
    // A word that the API model does not have.
    Lifecycle: "ACTIVE" as sdk.VolumeLifecycle,
    Name: volume.name,
    OntapConfiguration: {
      JunctionPath,
      SizeInMegabytes,
      StorageEfficiencyEnabled,
      StorageVirtualMachineId,
      TieringPolicy,
    },
    ResourceARN: `arn:aws:fsx:${volume.region}:${account}:volume/${volume.id}`,
    VolumeId: volume.id,
    VolumeType: "ONTAP",
  };
}
