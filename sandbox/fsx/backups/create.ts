import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import type { Call } from "../call.js";
import { badRequest, unsupportedOperation } from "../errors.js";
import { findFileSystem } from "../file-systems/describe.js";
import { lifecycleOf } from "../file-systems/lifecycle.js";
import type { Backup, FileSystem, Tags } from "../state/model.js";
import { readTags, userTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { checkOneAtATime, checkQuota } from "./limits.js";
import { directoryOf, remembered, show } from "./show.js";

/** AWS Backup makes backups with a right of its own; FSx makes the automatic ones. */
const TYPES: Readonly<Record<string, sdk.BackupType>> = {
  "backup.amazonaws.com": "AWS_BACKUP",
  "fsx.amazonaws.com": "AUTOMATIC",
};

/** API_CreateBackup. */
export async function createBackup(call: Call, request: sdk.CreateBackupRequest): Promise<sdk.CreateBackupResponse> {
  const { FileSystemId, VolumeId } = request;
  if ((FileSystemId === undefined) === (VolumeId === undefined))
    throw badRequest("Give either FileSystemId or VolumeId");
  const token = readToken(call, "CreateBackup");
  const before = madeBefore(call.store.backups(call.region), token);
  if (before) return { Backup: show(call, before) };
  const tags = readTags(call, request.Tags);
  const fileSystem = findFileSystem(call, FileSystemId);
  checkBackedUp(call, fileSystem);
  const type = TYPES[call.byService ?? ""] ?? "USER_INITIATED";
  checkOneAtATime(call, fileSystem.id);
  if (type !== "AUTOMATIC") checkQuota(call, fileSystem.type);
  const made = await newBackup(call, fileSystem, { type, tags: request.Tags ? tags : copiedTags(fileSystem) });
  const backup: Backup = { ...made, ...(token && { token }) };
  call.store.commit([{ put: backup }]);
  return { Backup: show(call, backup) };
}

/** Of which file systems there are no backups (FSx user guides; the API reference has UnsupportedOperation for it). */
function checkBackedUp({ now }: Call, fileSystem: FileSystem): void {
  const { id, type, described } = fileSystem;
  const lustre = described.LustreConfiguration;
  if (type === "ONTAP") throw badRequest(`${id} is of type ONTAP: its volumes are backed up, by VolumeId`);
  if (lustre?.DeploymentType?.startsWith("SCRATCH"))
    throw unsupportedOperation(`Backups are not supported on ${lustre.DeploymentType} file systems`);
  if (lustre?.DataRepositoryConfiguration)
    throw unsupportedOperation("Backups are not supported on file systems that are linked to a data repository");
  if (type === "LUSTRE" && described.StorageType === "INTELLIGENT_TIERING")
    throw unsupportedOperation("Backups are not supported on Lustre file systems with INTELLIGENT_TIERING storage");
  const lifecycle = lifecycleOf(fileSystem, now);
  if (lifecycle !== "AVAILABLE" && lifecycle !== "UPDATING")
    throw badRequest(`Cannot take backup while ${id} is in ${lifecycle}`);
}

/** CopyTagsToBackups, which any tag of the call switches off (API_CreateBackup, Tags). */
function copiedTags({ tags, described }: FileSystem): Tags {
  const { WindowsConfiguration, LustreConfiguration, OpenZFSConfiguration } = described;
  const configuration = WindowsConfiguration ?? LustreConfiguration ?? OpenZFSConfiguration;
  return configuration?.CopyTagsToBackups ? userTags(tags) : {};
}

/**
 * A backup that is not there yet, with the bytes that its file system has now. While that is updated it waits (FSx for Windows
 * user guide, "Working with backups").
 */
async function newBackup(
  call: Call,
  fileSystem: FileSystem,
  { type, tags }: Pick<Backup, "type" | "tags">,
): Promise<Backup> {
  const { store, region, now, settings, context } = call;
  const startsAt = Math.max(now, fileSystem.updatedAt ?? now);
  const key = fileSystem.described.KmsKeyId;
  const isKeyUsable = key === undefined || (await call.neighbours.key(region, key)) !== undefined;
  return {
    kind: "backup",
    id: freshId("backup"),
    seq: store.nextSeq(),
    ...{ region, tags, type, startsAt },
    createdAt: now,
    endsAt: startsAt + settings.backupMillis,
    unit: fileSystem.id,
    fileSystemType: fileSystem.type,
    fileSystem: remembered(context.account, fileSystem),
    ...directoryOf(fileSystem),
    ...(key !== undefined && { kmsKeyId: key }),
    // That the backup ends so is unproven.
    ...(!isKeyUsable && { failure: `The KMS key ${key} cannot be used` }),
    ...(await call.contents.capture(fileSystem.id)),
  };
}
