import { type Asked, type Need, type Needs, notJudged } from "../call.js";

/**
 * API operations that IAM knows under another name (Amazon S3 user guide, "Required permissions for Amazon S3 API operations").
 * Those with a version have an action of their own.
 */
const OBJECT: Readonly<Record<string, readonly [plain: string, version: string]>> = {
  GetObject: ["GetObject", "GetObjectVersion"],
  HeadObject: ["GetObject", "GetObjectVersion"],
  PutObject: ["PutObject", "PutObject"],
  DeleteObject: ["DeleteObject", "DeleteObjectVersion"],
  GetObjectTagging: ["GetObjectTagging", "GetObjectVersionTagging"],
  PutObjectTagging: ["PutObjectTagging", "PutObjectVersionTagging"],
  CreateMultipartUpload: ["PutObject", "PutObject"],
  UploadPart: ["PutObject", "PutObject"],
  CompleteMultipartUpload: ["PutObject", "PutObject"],
  AbortMultipartUpload: ["AbortMultipartUpload", "AbortMultipartUpload"],
  ListParts: ["ListMultipartUploadParts", "ListMultipartUploadParts"],
};

const BUCKET: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  GetBucketLocation: "GetBucketLocation",
  GetBucketVersioning: "GetBucketVersioning",
  GetBucketPolicy: "GetBucketPolicy",
};

/** Actions that S3 answers with "not found" only to those who may list the bucket (S3 API reference, GetObject, HeadObject). */
const TELLS: readonly string[] = ["GetObject", "HeadObject"];

/** The rights that a call of S3 needs. Addresses of buckets are of the path style, as number addresses are. */
export function s3Needs(asked: Asked, needs: Needs): Need[] {
  const { action, path, query } = asked;
  if (action === "ListBuckets") return [needs.need("s3:ListAllMyBuckets", "*")];
  const [bucket, object] = arnsIn(path);
  const version = query.get("versionId");
  const keys = version === null ? {} : { "s3:VersionId": version };
  const named = Object.hasOwn(OBJECT, action) ? OBJECT[action] : undefined;
  if (named) return [needs.guarded(`s3:${named[version === null ? 0 : 1]}`, object, bucket, keys)];
  const of = Object.hasOwn(BUCKET, action) ? BUCKET[action] : undefined;
  if (of === undefined) throw notJudged(asked);
  return [listing(needs, `s3:${of}`, bucket, query.get("prefix") ?? undefined)];
}

/** The right that is needed to hear that an object is not there; none for other calls. */
export function s3MissingNeeds({ action, path }: Asked, needs: Needs): Need[] {
  return TELLS.includes(action) ? [listing(needs, "s3:ListBucket", arnsIn(path)[0], undefined)] : [];
}

const listing = (needs: Needs, action: string, bucket: string, prefix: string | undefined): Need =>
  needs.guarded(action, bucket, bucket, prefix === undefined ? {} : { "s3:prefix": prefix });

function arnsIn(path: string): [bucket: string, object: string] {
  const [, bucket = "", ...key] = path.split("/").map(decodeURIComponent);
  return [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${key.join("/")}`];
}
