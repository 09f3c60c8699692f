import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import type { Call } from "../call.js";
import { badRequest } from "../errors.js";
import type { Backup } from "../state/model.js";
import { readTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { checkOneAtATime, checkQuota } from "./limits.js";
import { show } from "./show.js";
import { fileSystemUnit, type Unit, volumeUnit } from "./units.js";

/** AWS Backup makes backups with a right of its own; FSx makes the automatic ones. */
const TYPES: Readonly<Record<string, sdk.BackupType>> = {
  "backup.amazonaws.com": "AWS_BACKUP",
  "fsx.amazonaws.com": "AUTOMATIC",
};

/** API_CreateBackup. */
export async function createBackup(call: Call, request: sdk.CreateBackupRequest): Promise<sdk.CreateBackupResponse> {
  const token = readToken(call, "CreateBackup");
  const before = madeBefore(call.store.backups(call.region), token);
  if (before) return { Backup: show(call, before) };
  const tags = readTags(call, request.Tags);
  const unit = unitOf(call, request);
  const type = TYPES[call.byService ?? ""] ?? "USER_INITIATED";
  checkOneAtATime(call, unit.id);
  if (type !== "AUTOMATIC") checkQuota(call, unit.fileSystemType);
  // Any tag of the call switches CopyTagsToBackups off (API_CreateBackup, Tags).
  const made = await newBackup(call, unit, { type, tags: request.Tags ? tags : unit.copiedTags });
  const backup: Backup = { ...made, ...(token && { token }) };
  call.store.commit([{ put: backup }]);
  return { Backup: show(call, backup) };
}

function unitOf(call: Call, { FileSystemId, VolumeId }: sdk.CreateBackupRequest): Unit {
  if (FileSystemId !== undefined && VolumeId === undefined) return fileSystemUnit(call, FileSystemId);
  if (VolumeId !== undefined && FileSystemId === undefined) return volumeUnit(call, VolumeId);
  throw badRequest("Give either FileSystemId or VolumeId");
}

/**
 * A backup that is not there yet, with the bytes that its unit has now. While the file system is updated it waits (FSx for
 * Windows user guide, "Working with backups").
 */
export async function newBackup(
  call: Call,
  { id, fileSystemType, startsAt, kmsKeyId, shown }: Unit,
  { type, tags }: Pick<Backup, "type" | "tags">,
): Promise<Backup> {
  const { store, region, now, settings } = call;
  const isKeyUsable = kmsKeyId === undefined || (await call.neighbours.key(region, kmsKeyId)) !== undefined;
  return {
    kind: "backup",
    id: freshId("backup"),
    seq: store.nextSeq(),
    ...{ region, tags, type, startsAt, fileSystemType },
    unit: id,
    createdAt: now,
    endsAt: startsAt + settings.backupMillis,
    ...shown,
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...call.neighbours.endingOf(region, "createBackup"),
    // That the backup ends so is unproven.
    ...(!isKeyUsable && { failure: `The KMS key ${kmsKeyId} cannot be used` }),
    ...(await call.contents.capture(id)),
  };
}
