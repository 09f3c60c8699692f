import type * as sdk from "@aws-sdk/client-fsx";
import { sandboxUnsupported } from "../../wire/errors.js";
import type { Call } from "../call.js";
import { badRequest } from "../errors.js";
import { usableBackup } from "../file-systems/restore.js";
import type { Backup, Volume } from "../state/model.js";
import { readTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { machineOf, newVolume, show } from "./volumes.js";

type Request = Pick<sdk.CreateVolumeRequest, "Name" | "OntapConfiguration" | "Tags">;

/** API_CreateVolume, of ONTAP. */
export function createVolume(call: Call, request: sdk.CreateVolumeRequest): Promise<sdk.CreateVolumeResponse> {
  if (request.VolumeType !== "ONTAP") throw sandboxUnsupported(`VolumeType ${request.VolumeType} of CreateVolume`);
  return make(call, "CreateVolume", request);
}

/** API_CreateVolumeFromBackup: into a virtual machine that is there, not smaller than the volume was. */
export async function createVolumeFromBackup(
  call: Call,
  request: sdk.CreateVolumeFromBackupRequest,
): Promise<sdk.CreateVolumeFromBackupResponse> {
  const backup = await usableBackup(call, request.BackupId ?? "");
  const before = backup.volume?.OntapConfiguration?.SizeInMegabytes;
  if (before === undefined) throw badRequest(`The backup ${backup.id} is of a file system: one can be made from it`);
  const { OntapConfiguration: asked } = request;
  const OntapConfiguration = asked && {
    SizeInMegabytes: asked.SizeInBytes === undefined ? before : undefined,
    ...asked,
  };
  return make(call, "CreateVolumeFromBackup", { ...request, OntapConfiguration }, { backup, before });
}

async function make(
  call: Call,
  action: string,
  { Name = "", OntapConfiguration, Tags }: Request,
  from?: { readonly backup: Backup; readonly before: number },
): Promise<{ Volume: sdk.Volume }> {
  const token = readToken(call, action);
  const before = madeBefore(call.store.volumes(call.region), token);
  if (before) return { Volume: show(call, before) };
  const machine = machineOf(call, OntapConfiguration);
  const configuration = OntapConfiguration ?? { StorageVirtualMachineId: machine.id };
  const made = newVolume(call, machine, { name: Name, configuration, tags: readTags(call, Tags) });
  if (from && (made.described.SizeInMegabytes ?? 0) < from.before)
    throw badRequest(`The volume must have at least ${from.before} MiB as that of the backup`);
  const isTaken = call.store
    .volumes(call.region)
    .some((one) => one.name === Name && one.described.StorageVirtualMachineId === machine.id);
  if (isTaken) throw badRequest(`The storage virtual machine ${machine.id} has a volume ${Name} already`);
  const volume: Volume = { ...made, ...(token && { token }), ...(from && { backup: from.backup.id }) };
  await call.contents.make(volume.id, from?.backup.content);
  call.store.commit([{ put: volume }]);
  return { Volume: show(call, volume) };
}
