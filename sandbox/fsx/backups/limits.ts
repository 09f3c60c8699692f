import type { FileSystemType } from "@aws-sdk/client-fsx";
import type { Call } from "../call.js";
import { backupInProgress, limitExceeded } from "../errors.js";
import type { FsxSettings } from "../settings.js";
import { isInProgress } from "./lifecycle.js";

/** One backup at a time of a file system or volume, whoever began it (recorded for two user-initiated ones). */
export function checkOneAtATime({ store, region, now }: Call, unit: string): void {
  // A copy is of its source's unit, but takes nothing from it.
  const rows = store.backups(region).filter((one) => one.unit === unit && !one.source);
  if (rows.some((one) => isInProgress(one, now))) throw backupInProgress();
}

const QUOTAS: Readonly<Record<FileSystemType, keyof FsxSettings>> = {
  WINDOWS: "windowsBackups",
  LUSTRE: "lustreBackups",
  OPENZFS: "openzfsBackups",
  ONTAP: "ontapBackups",
};

/**
 * User-initiated backups of a type of file system in a region: those of AWS Backup and copies count too (FSx for Windows user
 * guide, "Quotas"). That failed ones count is unproven.
 */
export function checkQuota({ store, region, settings }: Call, type: FileSystemType): void {
  const rows = store.backups(region).filter((one) => one.fileSystemType === type && one.type !== "AUTOMATIC");
  const most = settings[QUOTAS[type]];
  if (rows.length >= most) throw limitExceeded("TOTAL_USER_INITIATED_BACKUPS", most);
}

/** "Up to five backup copy requests in progress to a single destination Region per account" (API_CopyBackup), all origins counted. */
export function checkCopySlots({ store, region, settings, now }: Call): void {
  const taken = store.backups(region).filter((one) => one.source && isInProgress(one, now)).length;
  if (taken >= settings.copySlots) throw limitExceeded("TOTAL_IN_PROGRESS_COPY_BACKUPS", settings.copySlots);
}
