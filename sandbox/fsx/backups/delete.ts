import type * as sdk from "@aws-sdk/client-fsx";
import { ApiError } from "../../wire/errors.js";
import type { Call } from "../call.js";
import { badRequest, notFound } from "../errors.js";
import type { Backup } from "../state/model.js";
import { isBeingCopied } from "./copy.js";
import { isInProgress } from "./lifecycle.js";

/** API_DeleteBackup: gone at once, with its bytes. */
export function deleteBackup(call: Call, { BackupId: id = "" }: sdk.DeleteBackupRequest): sdk.DeleteBackupResponse {
  const backup = call.store.find("backup", call.region, id);
  if (!backup) throw notFound("backup", id);
  // AWS Backup's own are deleted through it alone (AWS Backup developer guide); the code is unproven.
  if (backup.type === "AWS_BACKUP" && call.byService !== "backup.amazonaws.com")
    throw badRequest(`The backup ${id} was made by AWS Backup, and can be deleted by AWS Backup only`);
  if (isInProgress(backup, call.now))
    throw new ApiError("BackupInProgress", `The backup ${id} is in progress and cannot be deleted`);
  if (isBeingCopied(call, backup))
    throw new ApiError("BackupBeingCopied", `The backup ${id} is being copied and cannot be deleted`, { BackupId: id });
  refuseRestoring(call, backup);
  call.store.commit([{ drop: id }]);
  call.sweep();
  return { BackupId: id, Lifecycle: "DELETED" };
}

function refuseRestoring({ store, region, now }: Call, { id }: Backup): void {
  const fileSystem = store.fileSystems(region).find((one) => one.backup === id && now < one.availableAt);
  const volume = store.volumes(region).find((one) => one.backup === id && now < one.readyAt);
  const restored = fileSystem?.id ?? volume?.fileSystem;
  if (restored === undefined) return;
  const message = `${fileSystem?.id ?? volume?.id} is being made from the backup ${id}`;
  throw new ApiError("BackupRestoring", message, { FileSystemId: restored });
}
