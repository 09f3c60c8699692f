import { matches } from "../../automation/rights/match.js";
import type { PolicyDocument } from "../../automation/rights/model.js";
import type { CallCount } from "../../demo/admin.js";

/** Services whose prefix in IAM is not the name in the signature (Service Authorization Reference). */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/**
 * API operations that IAM knows under another name (Service Authorization Reference, "Actions" of each service; Amazon S3 user
 * guide, "Required permissions for Amazon S3 API operations").
 */
const ACTIONS: Readonly<Record<string, string>> = {
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:DeleteBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
};

/** Everybody may ask who he is (IAM user guide, GetCallerIdentity). */
const FREE = new Set(["sts:GetCallerIdentity"]);

/** The rights that calls of the sandbox's count needed. */
export function neededFor(calls: readonly CallCount[]): string[] {
  const actions = calls.map(({ service, action }) => `${PREFIXES[service] ?? service}:${action}`);
  return [...new Set(actions.map((action) => ACTIONS[action] ?? action))].filter((a) => !FREE.has(a)).toSorted();
}

/** All actions that a policy allows on anything. */
export const actionsOf = (policy: PolicyDocument): string[] =>
  [...new Set(policy.Statement.flatMap(({ Action }) => Action))].toSorted();

/** Whether a policy allows an action on a resource, its conditions left aside. */
export const allows = (policy: PolicyDocument, action: string, arn: string): boolean =>
  policy.Statement.some(
    ({ Action, Resource }) => Action.includes(action) && Resource.some((pattern) => matches(pattern, arn)),
  );
