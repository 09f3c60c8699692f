import type { Limits } from "../../core/model/model.js";

/**
 * "You can have up to five backup copy requests in progress to a single destination Region per account" (FSx API reference,
 * CopyBackup); one is left to people and AWS Backup.
 */
export const LIMITS: Limits = { copySlots: 5, copyReserve: 1 };
