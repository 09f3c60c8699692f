import { isThrottlingError } from "@smithy/core/retry";

/** What the calls of AWS throw, and what is thrown at what cannot be read, for kinds and functions alike. */

/** What came in does not have the shape that is understood. Its name is an API: the state machine never retries it. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

export interface Cause {
  readonly code: string;
  readonly message: string;
}

export function causeOf(error: unknown): Cause {
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: "Unknown", message: String(error) };
}

type SdkError = Parameters<typeof isThrottlingError>[0];

/** Whether the service said to slow down; nothing was done. The SDK asks it of any error that was thrown; its type only names what one of a service has besides. */
export const isThrottle = (error: unknown): boolean => error instanceof Error && isThrottlingError(error as SdkError);

/** Whether the service said no: nothing was done. Without an answer, or with a server error, nobody knows. */
export function isRefusal(error: unknown): boolean {
  const status = httpStatusOf(error);
  return status !== undefined && status >= 400 && status < 500;
}

function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
