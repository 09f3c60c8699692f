import type { KindConfig } from "../../core/config/kinds.js";
import type { BackupRecord } from "./backups.js";
import type { Nature } from "./details.js";

/**
 * User-initiated backups that an account may have in a region, by type (FSx user guides, "Quotas"; Windows 500 and ONTAP 10,000 are
 * written there, the other two are taken to be as Windows). Copies count, and so do those of AWS Backup, which nobody else can
 * delete; automatic ones do not.
 */
export const QUOTAS = {
  windows: { max: 500, of: "backups of Windows file systems, copies and AWS Backup's among them" },
  lustre: { max: 500, of: "the same of Lustre file systems" },
  openzfs: { max: 500, of: "the same of OpenZFS file systems" },
  ontap: { max: 10_000, of: "the same of ONTAP volumes" },
} as const satisfies KindConfig["quotas"];

/** Which quota a backup counts towards. */
export function quotaOf({ type }: Pick<Nature, "type">): string | undefined {
  const name = type.toLowerCase();
  return Object.hasOwn(QUOTAS, name) ? name : undefined;
}

/** How much of each quota is used. */
export function usageOf(records: readonly BackupRecord[]): Readonly<Record<string, number>> {
  const used = new Map<string, number>(Object.keys(QUOTAS).map((name) => [name, 0]));
  for (const record of records) {
    const name = quotaOf(record);
    if (name !== undefined && record.madeBy !== "AUTOMATIC") used.set(name, (used.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(used);
}
