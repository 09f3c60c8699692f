import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";

type RetryStrategy = Exclude<Awaited<ReturnType<EC2Client["config"]["retryStrategy"]>>, { retry: unknown }>;

/** Reads: the SDK's adaptive mode, a client-side token bucket that slows down when AWS throttles. */
export function readingEc2(region: string, more: EC2ClientConfig = {}): EC2Client {
  return new EC2Client({ ...more, region, retryMode: "adaptive", maxAttempts: 6 });
}

/**
 * Calls without an idempotency token: retried only when AWS said that it throttled them. After a lost answer or a server error the
 * call may have been carried out, and a retry would make a second snapshot.
 */
export function creatingEc2(region: string, more: EC2ClientConfig = {}): EC2Client {
  const adaptive = new EC2Client({ region, retryMode: "adaptive", maxAttempts: 6 }).config.retryStrategy;
  return new EC2Client({ ...more, region, retryStrategy: throttleOnly(adaptive) });
}

function throttleOnly(inner: EC2Client["config"]["retryStrategy"]): RetryStrategy {
  const strategy = async (): Promise<RetryStrategy> => {
    const found = await inner();
    if ("acquireInitialRetryToken" in found) return found;
    throw new Error("the SDK's retry strategy is of a generation that Lockstep does not know");
  };
  return {
    acquireInitialRetryToken: async (scope) => (await strategy()).acquireInitialRetryToken(scope),
    async refreshRetryTokenForRetry(token, info) {
      if (info.errorType !== "THROTTLING") throw info.error ?? new Error(`not retried: ${info.errorType}`);
      return (await strategy()).refreshRetryTokenForRetry(token, info);
    },
    recordSuccess(token) {
      // The caller waits for nothing here, and a strategy that was found once is found again.
      void strategy().then((found) => found.recordSuccess(token));
    },
  };
}
