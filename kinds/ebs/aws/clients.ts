import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { AdaptiveRetryStrategy } from "@smithy/core/retry";

/** Reads: the SDK's adaptive mode, a client-side token bucket that slows down when AWS throttles. */
export function readingEc2(region: string, more: EC2ClientConfig = {}): EC2Client {
  return new EC2Client({ maxAttempts: 6, ...more, region, retryMode: "adaptive" });
}

/**
 * Calls without an idempotency token: retried only when AWS said that it throttled them. After a lost answer or a server error the
 * call may have been carried out, and a retry would make a second snapshot.
 */
export function creatingEc2(region: string, more: EC2ClientConfig = {}): EC2Client {
  return new EC2Client({ ...more, region, retryStrategy: new AfterThrottles(6) });
}

type Refresh = AdaptiveRetryStrategy["refreshRetryTokenForRetry"];

class AfterThrottles extends AdaptiveRetryStrategy {
  override async refreshRetryTokenForRetry(...[token, info]: Parameters<Refresh>): ReturnType<Refresh> {
    if (info.errorType !== "THROTTLING") throw info.error ?? new Error(`not retried: ${info.errorType}`);
    return super.refreshRetryTokenForRetry(token, info);
  }
}
