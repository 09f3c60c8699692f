import { isThrottlingError } from "@smithy/core/retry";

/** Errors whose `name` is an API: the state machine's Retry and Catch match on it. */

/** The event does not have the shape the function understands. Never retried. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/** Another execution holds the lease: this one must stop at once. Never retried. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** AWS asked to slow down where the whole step depends on the answer. Retried by the state machine. */
export class Throttled extends Error {
  override readonly name = "Throttled";
}

export interface Cause {
  readonly code: string;
  readonly message: string;
}

export function causeOf(error: unknown): Cause {
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: "Unknown", message: String(error) };
}

/** Client error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const LIMITS = new Set([
  "ResourceLimitExceeded",
  "SnapshotLimitExceeded",
  "ConcurrentSnapshotLimitExceeded",
  "PendingSnapshotLimitExceeded",
  "SnapshotCreationPerVolumeRateExceeded",
]);

type SdkError = Parameters<typeof isThrottlingError>[0];

export type ErrorKind =
  /** Slow down: nothing was done. */
  | "throttle"
  /** A quota or rate is used up for now: nothing was done. */
  | "limit"
  /** The service said no: nothing was done. */
  | "refused"
  /** No answer, or a server error: it may or may not have been done. */
  | "ambiguous";

/** What an error of an AWS call says about the call. */
export function kindOf(error: unknown): ErrorKind {
  const { code } = causeOf(error);
  // The SDK asks it of any error that was thrown; its type only names what one of a service has besides.
  if (error instanceof Error && isThrottlingError(error as SdkError)) return "throttle";
  if (LIMITS.has(code)) return "limit";
  const status = httpStatusOf(error);
  return status !== undefined && status >= 400 && status < 500 ? "refused" : "ambiguous";
}

function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
