import type { BackupLifecycle } from "@aws-sdk/client-fsx";
import type { Backup } from "../state/model.js";

/**
 * The state that the times say. PENDING and TRANSFERRING are "for user-initiated backups on Lustre file systems only"
 * (API_Backup); that they come in this order, with CREATING between them, is unproven.
 */
export function lifecycleOf(backup: Backup, now: number): BackupLifecycle {
  if (!backup.stuck && now >= backup.endsAt) return backup.failure === undefined ? "AVAILABLE" : "FAILED";
  if (backup.source) return "COPYING";
  if (backup.fileSystemType !== "LUSTRE" || backup.type !== "USER_INITIATED") return "CREATING";
  const part = partDone(backup, now);
  if (part < 0.25) return "PENDING";
  return part < 0.5 ? "CREATING" : "TRANSFERRING";
}

/** From 0 to 1. */
function partDone({ startsAt, endsAt }: Backup, now: number): number {
  return Math.max(0, Math.min(1, (now - startsAt) / (endsAt - startsAt)));
}

/** Neither available nor failed, whatever its state is called. */
export const isInProgress = ({ stuck, endsAt }: Backup, now: number): boolean => stuck === true || now < endsAt;

/** Recorded: 100 when it is AVAILABLE, nothing while it is CREATING. While COPYING and TRANSFERRING: unproven. */
export function progressOf(backup: Backup, now: number): number | undefined {
  const lifecycle = lifecycleOf(backup, now);
  if (lifecycle === "AVAILABLE") return 100;
  if (lifecycle !== "COPYING" && lifecycle !== "TRANSFERRING") return undefined;
  return Math.min(99, Math.floor(100 * partDone(backup, now)));
}
