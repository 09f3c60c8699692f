import { TAG } from "../../core/names/tags.js";
import type { Inputs, Lifecycles, Need } from "./model.js";
import { anyOf, bucketNamed, everything, named, of, regional, tagOf, UNSEEN } from "./needs.js";

const table = regional("dynamodb", "table/", "name");
const bucket = bucketNamed();
const objects = bucketNamed("/*");
const object: Need["on"] = (inputs, place) => bucketNamed(`/${named(inputs, "key")}`)(inputs, place);
const key = anyOf("kms", "key/");
const alias: Need["on"] = ({ name }, { partition, region, account }) => [
  `arn:${partition}:kms:${region}:${account}:${String(name)}`,
];

/** KMS makes up the ids of keys: what is ours is told by our tag, from the moment a key is made. */
const deploymentOf = (inputs: Inputs): string => tagOf(inputs, TAG.deployment);
const ourKey = (inputs: Inputs) => ({ StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deploymentOf(inputs) } });

const settingsOf = (actions: string, more: readonly Need[] = []): readonly Need[] => [
  { on: bucket, actions: of("s3", actions) },
  ...more,
];

/** What keeps data, and the keys that it is encrypted with. */
export const STORAGE: Lifecycles = {
  "aws:dynamodb/table:Table": [
    {
      on: table,
      actions: of(
        "dynamodb",
        "CreateTable DescribeTable DeleteTable DescribeContinuousBackups UpdateContinuousBackups DescribeTimeToLive UpdateTimeToLive ListTagsOfResource",
      ),
    },
    { on: table, actions: of("dynamodb", "UpdateTable"), unseen: UNSEEN.protectedData },
    { on: table, actions: of("dynamodb", "TagResource UntagResource"), unseen: UNSEEN.change },
  ],
  "aws:s3/bucket:Bucket": [
    {
      on: bucket,
      // HeadBucket and ListObjects need ListBucket; that a bucket is emptied before it goes, ListBucketVersions.
      actions: of(
        "s3",
        "CreateBucket DeleteBucket ListBucket ListBucketVersions GetBucketTagging PutBucketTagging GetBucketObjectLockConfiguration",
      ),
    },
    {
      on: bucket,
      actions: of(
        "s3",
        "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketRequestPayment GetBucketWebsite GetReplicationConfiguration ListTagsForResource TagResource UntagResource GetBucketAbac",
      ),
      unseen: UNSEEN.official,
    },
    { on: objects, actions: of("s3", "DeleteObject") },
    {
      on: objects,
      actions: of("s3", "DeleteObjectVersion"),
      unseen:
        'DeleteObjects needs it for versions (S3 user guide, "Required permissions for Amazon S3 API operations")',
    },
  ],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": settingsOf(
    "PutBucketPublicAccessBlock GetBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": settingsOf(
    "PutEncryptionConfiguration GetEncryptionConfiguration",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": settingsOf("PutBucketPolicy GetBucketPolicy DeleteBucketPolicy"),
  "aws:s3/bucketVersioning:BucketVersioning": settingsOf("PutBucketVersioning GetBucketVersioning"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": settingsOf(
    "PutLifecycleConfiguration GetLifecycleConfiguration",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    { on: object, actions: of("s3", "PutObject GetObject GetObjectTagging DeleteObject") },
    { on: object, actions: of("s3", "PutObjectTagging GetObjectVersion"), unseen: UNSEEN.official },
  ],
  "aws:kms/key:Key": [
    {
      on: everything,
      actions: of("kms", "CreateKey"),
      conditions: (inputs) => ({ StringEquals: { [`aws:RequestTag/${TAG.deployment}`]: deploymentOf(inputs) } }),
    },
    {
      on: key,
      actions: of(
        "kms",
        "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags EnableKeyRotation ScheduleKeyDeletion",
      ),
      conditions: ourKey,
    },
    // Of an alias both sides are authorized (KMS developer guide, "Controlling access to aliases").
    { on: key, actions: of("kms", "CreateAlias DeleteAlias"), conditions: ourKey },
    // CreateKey with tags needs it too (KMS API reference, CreateKey): without a resource yet, so by the request's tag.
    {
      on: key,
      actions: of("kms", "TagResource"),
      conditions: (inputs) => ({ StringEquals: { [`aws:RequestTag/${TAG.deployment}`]: deploymentOf(inputs) } }),
      unseen: UNSEEN.official,
    },
    {
      on: key,
      actions: of(
        "kms",
        "PutKeyPolicy UpdateKeyDescription DisableKeyRotation EnableKey DisableKey TagResource UntagResource",
      ),
      conditions: ourKey,
      unseen: UNSEEN.change,
    },
    { on: everything, actions: of("kms", "ListKeys"), unseen: UNSEEN.recovery },
  ],
  "aws:kms/alias:Alias": [
    { on: alias, actions: of("kms", "CreateAlias DeleteAlias") },
    { on: everything, actions: of("kms", "ListAliases") },
    { on: alias, actions: of("kms", "UpdateAlias"), unseen: UNSEEN.change },
  ],
};
