import type { Call } from "../call.js";
import { badRequest, notFound, unsupportedOperation } from "../errors.js";
import { findFileSystem } from "../file-systems/describe.js";
import { lifecycleOf } from "../file-systems/lifecycle.js";
import type { Backup, FileSystem, Tags } from "../state/model.js";
import { userTags } from "../tags.js";
import { directoryOf, remembered, rememberedVolume } from "./remembered.js";

/** What can be backed up: a file system, or a volume of ONTAP. */
export interface Unit extends Pick<Backup, "fileSystemType" | "startsAt"> {
  readonly id: string;
  readonly kmsKeyId: string | undefined;
  /** What the backup shows of it. */
  readonly shown: Pick<Backup, "fileSystem" | "directory" | "volume">;
  /** Tags that it gives to backups without tags of their own (CopyTagsToBackups). */
  readonly copiedTags: Tags;
}

/** A file system that can be backed up now. */
export function fileSystemUnit(call: Call, id: string): Unit {
  const fileSystem = findFileSystem(call, id);
  const { type, described, tags, updatedAt = 0 } = fileSystem;
  if (type === "ONTAP") throw badRequest(`${id} is of type ONTAP: its volumes are backed up, by VolumeId`);
  checkBackedUp(fileSystem);
  const lifecycle = lifecycleOf(fileSystem, call.now);
  if (lifecycle !== "AVAILABLE" && lifecycle !== "UPDATING")
    throw badRequest(`Cannot take backup while ${id} is in ${lifecycle}`);
  const { WindowsConfiguration, LustreConfiguration, OpenZFSConfiguration } = described;
  const configuration = WindowsConfiguration ?? LustreConfiguration ?? OpenZFSConfiguration;
  return {
    id,
    fileSystemType: type,
    startsAt: Math.max(call.now, updatedAt),
    kmsKeyId: described.KmsKeyId,
    shown: { fileSystem: remembered(call.context.account, fileSystem), ...directoryOf(fileSystem) },
    copiedTags: configuration?.CopyTagsToBackups ? userTags(tags) : {},
  };
}

/** Of which file systems there are no backups (FSx for Lustre user guide, "Working with backups"; the code is the API's). */
function checkBackedUp({ type, described }: FileSystem): void {
  const lustre = described.LustreConfiguration;
  if (lustre?.DeploymentType?.startsWith("SCRATCH"))
    throw unsupportedOperation(`Backups are not supported on ${lustre.DeploymentType} file systems`);
  if (lustre?.DataRepositoryConfiguration)
    throw unsupportedOperation("Backups are not supported on file systems that are linked to a data repository");
  if (type === "LUSTRE" && described.StorageType === "INTELLIGENT_TIERING")
    throw unsupportedOperation("Backups are not supported on Lustre file systems with INTELLIGENT_TIERING storage");
}

/** A volume that can be backed up now: read-write ones (FSx for ONTAP user guide, "Working with backups"). */
export function volumeUnit(call: Call, id: string): Unit {
  const { store, region, now, context } = call;
  const volume = store.find("volume", region, id);
  if (!volume) throw notFound("volume", id);
  const machine = store.find("storage-virtual-machine", region, volume.described.StorageVirtualMachineId ?? "");
  // Recorded.
  if (machine?.goneAt !== undefined)
    throw badRequest("Cannot create backup because this volume's storage virtual machine is deleting.");
  if (volume.goneAt !== undefined) throw badRequest(`Cannot take backup while ${id} is in DELETING`);
  if (now < volume.readyAt) throw badRequest(`Cannot take backup while ${id} is in CREATING`);
  if (volume.described.OntapVolumeType !== "RW")
    throw unsupportedOperation(`Backups are not supported on volumes of type ${volume.described.OntapVolumeType}`);
  const fileSystem = store.find("file-system", region, volume.fileSystem);
  return {
    id,
    fileSystemType: "ONTAP",
    startsAt: Math.max(now, fileSystem?.updatedAt ?? now),
    kmsKeyId: fileSystem?.described.KmsKeyId,
    shown: { volume: rememberedVolume(context.account, volume) },
    copiedTags: volume.described.CopyTagsToBackups ? userTags(volume.tags) : {},
  };
}
