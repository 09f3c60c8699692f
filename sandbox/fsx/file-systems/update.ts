import type * as sdk from "@aws-sdk/client-fsx";
import type { Call } from "../call.js";
import { badRequest } from "../errors.js";
import type { FileSystem } from "../state/model.js";
import { DAILY } from "./configuration.js";
import { findFileSystem, show } from "./describe.js";
import { lifecycleOf } from "./lifecycle.js";

/** What can be changed, of whichever type (taken.ts says of which). */
interface Changes {
  readonly WeeklyMaintenanceStartTime?: string | undefined;
  readonly DailyAutomaticBackupStartTime?: string | undefined;
  readonly AutomaticBackupRetentionDays?: number | undefined;
  readonly ThroughputCapacity?: number | undefined;
}

/** Members of the request and of what is shown have one name for each type. */
const NAMES = {
  WINDOWS: "WindowsConfiguration",
  LUSTRE: "LustreConfiguration",
  OPENZFS: "OpenZFSConfiguration",
  ONTAP: "OntapConfiguration",
} as const;

/**
 * API_UpdateFileSystem. More storage or throughput takes a while, in which the file system is UPDATING; other changes are there at
 * once (recorded). There are no AdministrativeActions.
 */
export function updateFileSystem(call: Call, request: sdk.UpdateFileSystemRequest): sdk.UpdateFileSystemResponse {
  const fileSystem = findFileSystem(call, request.FileSystemId);
  const lifecycle = lifecycleOf(fileSystem, call.now);
  if (lifecycle !== "AVAILABLE") throw badRequest(`Cannot update ${fileSystem.id} while it is in ${lifecycle}`);
  const name = NAMES[fileSystem.type];
  const other = Object.values(NAMES).find((one) => one !== name && request[one] !== undefined);
  if (other !== undefined) throw badRequest(`A file system of type ${fileSystem.type} has no ${other}`);
  const { StorageCapacity } = request;
  refuseSmaller(fileSystem, StorageCapacity);
  const changes: Changes = request[name] ?? {};
  const isLong = StorageCapacity !== undefined || changes.ThroughputCapacity !== undefined;
  const updated: FileSystem = {
    ...fileSystem,
    described: {
      ...fileSystem.described,
      ...(StorageCapacity !== undefined && { StorageCapacity }),
      [name]: withTimes({ ...fileSystem.described[name], ...changes }),
    },
    ...(isLong && { updatedAt: call.now + call.settings.updateMillis }),
  };
  call.store.commit([{ put: updated }]);
  return { FileSystem: show(call, updated) };
}

function refuseSmaller({ described }: FileSystem, capacity: number | undefined): void {
  const { StorageCapacity: before = 0 } = described;
  if (capacity !== undefined && capacity <= before)
    throw badRequest(`StorageCapacity can only grow: it is ${before} GiB, ${capacity} GiB were asked for`);
}

/** Without automatic backups their two members are not shown (recorded). */
function withTimes({
  AutomaticBackupRetentionDays: days,
  DailyAutomaticBackupStartTime: at,
  ...rest
}: Changes): Changes {
  return days ? { ...rest, AutomaticBackupRetentionDays: days, DailyAutomaticBackupStartTime: at ?? DAILY } : rest;
}
