import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import { ApiError } from "../../wire/errors.js";
import type { Call } from "../call.js";
import { notFound, unsupportedOperation } from "../errors.js";
import { copyKey } from "../keys.js";
import type { Backup } from "../state/model.js";
import { joinTags, readTags, userTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { isInProgress, lifecycleOf } from "./lifecycle.js";
import { checkCopySlots, checkQuota } from "./limits.js";
import { show } from "./show.js";

/** Regions with too few zones for Windows Multi-AZ: unproven, the guide's table of regions changes. */
const WITHOUT_MULTI_AZ: readonly string[] = ["us-west-1"];

/** API_CopyBackup, called in the destination region. */
export async function copyBackup(call: Call, request: sdk.CopyBackupRequest): Promise<sdk.CopyBackupResponse> {
  const { SourceBackupId: id = "", SourceRegion: from = call.region } = request;
  if (!call.neighbours.isRegion(from)) throw new ApiError("InvalidRegion", `The region ${from} is not valid`);
  const token = readToken(call, "CopyBackup");
  const before = madeBefore(call.store.backups(call.region), token);
  if (before) return { Backup: show(call, before) };
  const source = call.store.find("backup", from, id);
  if (!source) throw notFound("backup", id);
  const own = readTags(call, request.Tags);
  const tags = joinTags(request.CopyTags ? userTags(source.tags) : {}, own);
  checkSource(call, source);
  const kmsKeyId = await copyKey(call, request.KmsKeyId, { region: from, key: source.kmsKeyId });
  checkCopySlots(call);
  checkQuota(call, source.fileSystemType);
  const copy = newCopy(call, source, { tags, kmsKeyId, ...(token && { token }) });
  call.store.commit([{ put: copy }]);
  return { Backup: show(call, copy) };
}

function checkSource({ region, now }: Call, source: Backup): void {
  const state = lifecycleOf(source, now);
  const { id, fileSystem } = source;
  if (state !== "AVAILABLE")
    throw new ApiError("SourceBackupUnavailable", `The source backup ${id} is ${state}`, { BackupId: id });
  if (source.fileSystemType === "ONTAP") throw unsupportedOperation("Backups of ONTAP volumes cannot be copied");
  if (source.fileSystemType === "OPENZFS" && fileSystem?.StorageType === "INTELLIGENT_TIERING")
    throw unsupportedOperation("Backups of file systems with INTELLIGENT_TIERING storage cannot be copied");
  const isMultiAz = fileSystem?.WindowsConfiguration?.DeploymentType?.startsWith("MULTI_AZ");
  if (isMultiAz && WITHOUT_MULTI_AZ.includes(region))
    throw new ApiError("IncompatibleRegionForMultiAZ", `Multi-AZ file systems are not supported in ${region}`);
}

/** A copy has the bytes of its source, its own time, and is user-initiated whatever its source was (user guides, "Copying backups"). */
function newCopy(call: Call, source: Backup, own: Pick<Backup, "tags" | "kmsKeyId" | "token">): Backup {
  const { store, region, now, settings } = call;
  const { token: _, ...taken } = source;
  return {
    ...taken,
    ...own,
    id: freshId("backup"),
    seq: store.nextSeq(),
    region,
    type: "USER_INITIATED",
    source: { id: source.id, region: source.region },
    createdAt: now,
    startsAt: now,
    endsAt: now + settings.copyMillis,
    ...call.neighbours.endingOf(region, "copyBackup"),
  };
}

/** Whether a copy of a backup is in progress, or has ended so shortly ago that AWS still keeps the source. */
export function isBeingCopied({ store, now, settings }: Call, { id, region }: Backup): boolean {
  return store
    .backups()
    .some(
      (one) =>
        one.source?.id === id &&
        one.source.region === region &&
        (isInProgress(one, now) || now < one.endsAt + settings.releaseMillis),
    );
}
