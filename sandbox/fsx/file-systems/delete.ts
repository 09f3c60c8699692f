import type * as sdk from "@aws-sdk/client-fsx";
import { automaticOf } from "../backups/automatic.js";
import { newBackup } from "../backups/create.js";
import { isInProgress } from "../backups/lifecycle.js";
import { checkQuota } from "../backups/limits.js";
import { fileSystemUnit } from "../backups/units.js";
import type { Call } from "../call.js";
import { badRequest } from "../errors.js";
import type { Backup, FileSystem } from "../state/model.js";
import { readTags, tagList } from "../tags.js";
import { findFileSystem } from "./describe.js";
import { lifecycleOf } from "./lifecycle.js";

/** What a delete of each type can say about the last backup; Windows and OpenZFS take one unless told not to (API_DeleteFileSystem). */
interface Final {
  readonly SkipFinalBackup?: boolean | undefined;
  readonly FinalBackupTags?: sdk.Tag[] | undefined;
}

/** API_DeleteFileSystem. Its automatic backups go with it. */
export async function deleteFileSystem(
  call: Call,
  request: sdk.DeleteFileSystemRequest,
): Promise<sdk.DeleteFileSystemResponse> {
  const fileSystem = findFileSystem(call, request.FileSystemId);
  const { id, type } = fileSystem;
  // That a second call is answered like the first is unproven.
  if (fileSystem.goneAt !== undefined) return { FileSystemId: id, Lifecycle: "DELETING" };
  refuseUsed(call, fileSystem);
  const asked = finalOf(type, request);
  const backup = asked && (await finalBackup(call, fileSystem, asked));
  const goneAt = Math.max(call.now + call.settings.deleteMillis, backup?.endsAt ?? 0);
  call.store.commit([
    { put: { ...fileSystem, goneAt } },
    ...automaticOf(call, id),
    ...(backup ? [{ put: backup }] : []),
  ]);
  return { FileSystemId: id, Lifecycle: "DELETING", ...responseOf(type, backup) };
}

/** Recorded: an ONTAP file system has to be empty, which the error of AWS says in words that are not known. */
function refuseUsed({ store, region }: Call, { id }: FileSystem): void {
  const [machine] = store.machines(region).filter((one) => one.fileSystem === id);
  if (machine) throw badRequest(`The file system ${id} still has the storage virtual machine ${machine.id}`);
}

function finalOf(type: sdk.FileSystemType, request: sdk.DeleteFileSystemRequest): Final | undefined {
  const { WindowsConfiguration, LustreConfiguration, OpenZFSConfiguration } = request;
  const asked: Final | undefined =
    type === "WINDOWS"
      ? (WindowsConfiguration ?? {})
      : type === "OPENZFS"
        ? (OpenZFSConfiguration ?? {})
        : type === "LUSTRE"
          ? { SkipFinalBackup: true, ...LustreConfiguration }
          : undefined;
  return asked?.SkipFinalBackup ? undefined : asked;
}

async function finalBackup(call: Call, fileSystem: FileSystem, { FinalBackupTags }: Final): Promise<Backup> {
  const { id, type } = fileSystem;
  const lifecycle = lifecycleOf(fileSystem, call.now);
  // Recorded.
  if (lifecycle !== "AVAILABLE") throw badRequest(`Cannot take final backup while ${id} is in ${lifecycle}`);
  const isBusy = call.store.backups(call.region).some((one) => one.unit === id && isInProgress(one, call.now));
  if (isBusy) throw badRequest(`Cannot take final backup while another backup of ${id} is pending`);
  checkQuota(call, type);
  const unit = fileSystemUnit(call, id);
  const tags = FinalBackupTags ? readTags(call, FinalBackupTags) : unit.copiedTags;
  return newBackup(call, unit, { type: "USER_INITIATED", tags });
}

/** Recorded of Windows: an empty answer where there is no last backup. */
function responseOf(type: sdk.FileSystemType, backup: Backup | undefined): Partial<sdk.DeleteFileSystemResponse> {
  const tags = backup && Object.keys(backup.tags).length > 0 ? { FinalBackupTags: tagList(backup.tags) } : {};
  const response = backup ? { FinalBackupId: backup.id, ...tags } : {};
  switch (type) {
    case "WINDOWS":
      return { WindowsResponse: response };
    case "LUSTRE":
      return { LustreResponse: response };
    case "OPENZFS":
      return { OpenZFSResponse: response };
    case "ONTAP":
      return {};
  }
}
