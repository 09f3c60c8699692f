/** An error as the SDK throws it; without a status nobody knows whether the call was carried out. */
export function awsError(name: string, message: string, status?: number): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });
}

/** Whether AWS said no, or nothing at all. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || "$metadata" in error);

export const refused = (code: string, message: string): Error => awsError(code, message, 400);
export const unreachable = (region: string): Error => awsError("TimeoutError", `no answer from ${region}`);
export const throttled = (): Error => awsError("RequestLimitExceeded", "Request limit exceeded.", 503);
