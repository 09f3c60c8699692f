import type * as sdk from "@aws-sdk/client-fsx";
import { automaticOf } from "../backups/automatic.js";
import { newBackup } from "../backups/create.js";
import { isInProgress } from "../backups/lifecycle.js";
import { checkQuota } from "../backups/limits.js";
import { volumeUnit } from "../backups/units.js";
import type { Call } from "../call.js";
import { badRequest } from "../errors.js";
import type { Backup, Volume } from "../state/model.js";
import { readTags, tagList } from "../tags.js";
import { findVolume } from "./volumes.js";

/** API_DeleteVolume: with a last backup unless told not to. Its automatic backups go with it. */
export async function deleteVolume(call: Call, request: sdk.DeleteVolumeRequest): Promise<sdk.DeleteVolumeResponse> {
  const volume = findVolume(call, request.VolumeId ?? "");
  const { id } = volume;
  const asked = request.OntapConfiguration ?? {};
  // Recorded: what speaks against a last backup is said first, also of a root volume.
  if (!asked.SkipFinalBackup) volumeUnit(call, id);
  if (volume.described.StorageVirtualMachineRoot)
    throw badRequest(`The volume ${id} is the root of its storage virtual machine, and goes with it`);
  if (volume.goneAt !== undefined) return { VolumeId: id, Lifecycle: "DELETING" };
  const backup = asked.SkipFinalBackup ? undefined : await finalBackup(call, volume, asked.FinalBackupTags);
  const goneAt = Math.max(call.now + call.settings.deleteMillis, backup?.endsAt ?? 0);
  call.store.commit([{ put: { ...volume, goneAt } }, ...automaticOf(call, id), ...(backup ? [{ put: backup }] : [])]);
  return {
    VolumeId: id,
    Lifecycle: "DELETING",
    OntapResponse: backup ? { FinalBackupId: backup.id, FinalBackupTags: tagList(backup.tags) } : {},
  };
}

function finalBackup(call: Call, { id }: Volume, given: sdk.Tag[] | undefined): Promise<Backup> {
  const unit = volumeUnit(call, id);
  const isBusy = call.store.backups(call.region).some((one) => one.unit === id && isInProgress(one, call.now));
  if (isBusy) throw badRequest(`Cannot take final backup while another backup of ${id} is pending`);
  checkQuota(call, "ONTAP");
  return newBackup(call, unit, { type: "USER_INITIATED", tags: given ? readTags(call, given) : unit.copiedTags });
}
