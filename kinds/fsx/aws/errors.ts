import type { ServiceLimitExceeded } from "@aws-sdk/client-fsx";
import type { Failed, Later } from "../../backend.js";
import { causeOf, isRefusal, isThrottle } from "../../lib/errors.js";

/** Errors of FSx by their names (FSx API reference, CreateBackup, CopyBackup, DeleteBackup). */

/** It passes by itself: something else is being done, or is not there yet. */
const PASSING: ReadonlySet<string> = new Set(["BackupInProgress", "SourceBackupUnavailable"]);

/** AWS never does that: the type cannot be backed up so, or the region does not serve it. */
const NEVER: ReadonlySet<string> = new Set(["UnsupportedOperation", "InvalidRegion", "IncompatibleRegionForMultiAZ"]);

/** Which limit an answer names, if any. */
export const limitOf = (error: unknown): string | undefined =>
  causeOf(error).code === "ServiceLimitExceeded" ? (error as ServiceLimitExceeded).Limit : undefined;

/** What is to be said of something that was to be made. */
export function notMade(error: unknown): Later | Failed {
  const why = causeOf(error);
  if (isThrottle(error) || PASSING.has(why.code)) return { is: "later", why };
  // But for copies in progress, which end, no limit frees itself.
  if (why.code === "ServiceLimitExceeded") return { is: "later", why, lasting: true };
  // The token was used with other parameters: something was made for it, and the next look finds it.
  if (why.code === "IncompatibleParameterError" || !isRefusal(error)) return { is: "failed", why, unsure: true };
  return { is: "failed", why, ...(NEVER.has(why.code) && { lasting: true }) };
}
