import { isInProgress } from "./backups/lifecycle.js";
import type { Call } from "./call.js";

/** Where the files of a file system, a volume or a backup lie. */
export interface FilesPlace {
  readonly directory: string;
  /** Those of backups are not to be written. */
  readonly writable: boolean;
}

/** Where the files of a file system, a volume or a backup of a region lie on this machine. Throws for what is not there. */
export function filesOf({ store, region, contents }: Call, id: string): FilesPlace {
  const found = store.all().find((one) => one.id === id && one.region === region);
  if (found?.kind === "file-system" || found?.kind === "volume")
    return { directory: contents.directory(id), writable: true };
  if (found?.kind !== "backup") throw new Error(`there is no file system, volume or backup ${id} in ${region}`);
  return { directory: contents.keptDirectory(found.content), writable: false };
}

/** A fault: a backup or copy becomes FAILED now, also one that was AVAILABLE already. */
export function failBackup({ store, region, now }: Call, id: string, cause: string): void {
  const backup = store.find("backup", region, id);
  if (!backup) throw new Error(`there is no backup ${id} in ${region}`);
  const { stuck: _, ...rest } = backup;
  const endsAt = isInProgress(backup, now) ? now : backup.endsAt;
  store.commit([{ put: { ...rest, endsAt, failure: cause } }]);
}
