import type { Failed, Later } from "../../backend.js";
import { causeOf, isRefusal, isThrottle } from "../../lib/errors.js";

/** A quota that does not free itself: unlike copy slots, somebody must raise it. */
const LASTING = "SnapshotLimitExceeded";

/** Client error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const LIMITS = new Set([
  "ResourceLimitExceeded",
  LASTING,
  "ConcurrentSnapshotLimitExceeded",
  "PendingSnapshotLimitExceeded",
  "SnapshotCreationPerVolumeRateExceeded",
]);

export type ErrorKind =
  /** Slow down: nothing was done. */
  | "throttle"
  /** A quota or rate is used up for now: nothing was done. */
  | "limit"
  /** The service said no: nothing was done. */
  | "refused"
  /** No answer, or a server error: it may or may not have been done. */
  | "ambiguous";

/** What an error of a call of EC2 says about the call. */
export function kindOf(error: unknown): ErrorKind {
  if (isThrottle(error)) return "throttle";
  if (LIMITS.has(causeOf(error).code)) return "limit";
  return isRefusal(error) ? "refused" : "ambiguous";
}

/** What is to be said of something that was to be made. */
export function notMade(error: unknown): Later | Failed {
  const why = causeOf(error);
  switch (kindOf(error)) {
    case "throttle":
      return { is: "later", why };
    case "limit":
      return { is: "later", why, ...(why.code === LASTING && { lasting: true }) };
    case "refused":
      return { is: "failed", why };
    case "ambiguous":
      return { is: "failed", why, unsure: true };
  }
}
