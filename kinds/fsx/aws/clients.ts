import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { FSxClient, type FSxClientConfig } from "@aws-sdk/client-fsx";

/**
 * The SDK's adaptive mode, a client-side token bucket that slows down when AWS throttles. What is made has a token, so that a call
 * whose answer was lost may be repeated: FSx answers with what it made before.
 */
export const fsxIn = (region: string, more: FSxClientConfig = {}): FSxClient =>
  new FSxClient({ maxAttempts: 6, ...more, region, retryMode: "adaptive" });

/** Only reads. */
export const ec2In = (region: string, more: EC2ClientConfig = {}): EC2Client =>
  new EC2Client({ maxAttempts: 6, ...more, region, retryMode: "adaptive" });
