import type { Limits } from "../../core/model/model.js";

/** "Snapshot copies per destination Region: 20" (EBS endpoints and quotas); two are left to people, AWS Backup and AMIs. */
export const LIMITS: Limits = { copySlots: 20, copyReserve: 2 };
