import type { IncomingHttpHeaders } from "node:http";

/** Who asks what, as far as the request's address and headers tell. */
export interface Scope {
  /** Service name in the credential scope. */
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
}

/** Region of requests without a credential scope. */
const DEFAULT_REGION = "us-east-1";

/** Services by the prefix of X-Amz-Target, for requests without a signature. */
const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "dynamodb",
  DynamoDBStreams_20120810: "dynamodb",
  AWSStepFunctions: "states",
  AWSEvents: "events",
  AmazonSQS: "sqs",
  TrentService: "kms",
  Logs_20140328: "logs",
  AmazonSSM: "ssm",
  GraniteServiceVersion20100801: "monitoring",
  AWSSimbaAPIService_v20180301: "fsx",
};

function fromCredential(credential: string): Scope | undefined {
  // "<access key>/<date>/<region>/<service>/aws4_request" (AWS Signature Version 4).
  const [accessKey, , region, service, end] = credential.split("/");
  if (!accessKey || !region || !service || end !== "aws4_request") return undefined;
  return { service, region, accessKey };
}

/**
 * Reads service, region and caller. Signatures are not checked. A request without a credential scope is S3's, as
 * presigned addresses of the older signature and anonymous requests are, unless X-Amz-Target says otherwise.
 */
export function scopeOf(headers: IncomingHttpHeaders, query: URLSearchParams): Scope {
  const authorization = headers.authorization ?? "";
  const signed = /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(authorization)?.[1] ?? query.get("X-Amz-Credential");
  const scope = signed ? fromCredential(signed) : undefined;
  if (scope) return scope;
  const target = headers["x-amz-target"];
  const service = typeof target === "string" ? TARGETS[target.split(".")[0] ?? ""] : undefined;
  const older = /^AWS ([^:]+):/.exec(authorization)?.[1] ?? query.get("AWSAccessKeyId");
  return { service: service ?? "s3", region: DEFAULT_REGION, accessKey: older ?? "anonymous" };
}

/** The function that an access key belongs to (see mend_lambda.py); undefined for other keys. */
export function functionOf(accessKey: string): { readonly name: string; readonly region: string } | undefined {
  const [, name, region] = /^LAMBDA-([^.]+)\.(.+)$/.exec(accessKey) ?? [];
  return name === undefined || region === undefined ? undefined : { name, region };
}

/** The name a caller is counted under: functions carry theirs in their access key. */
export const callerOf = (accessKey: string): string => functionOf(accessKey)?.name ?? accessKey;
