import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type TransitionStorageClass,
} from "@aws-sdk/client-s3";
import { fromTagList, toTagList } from "../../calls/tags.js";
import { unlessGone } from "../../resource/resource.js";
import { boolean, list, map, number, object, oneOf, set, string, type Values } from "../../resource/schema.js";
import { setting } from "./settings.js";

const RULE = {
  abortIncompleteMultipartUpload: object({ daysAfterInitiation: number() }),
  expiration: object({ date: string(), days: number(), expiredObjectDeleteMarker: boolean() }),
  filter: object(
    {
      and: object({
        objectSizeGreaterThan: number(),
        objectSizeLessThan: number(),
        prefix: string(),
        tags: map(),
      }),
      objectSizeGreaterThan: number(),
      objectSizeLessThan: number(),
      prefix: string(),
      tag: object({ key: string({ required: true }), value: string({ required: true }) }),
    },
    { computed: true },
  ),
  id: string({ required: true }),
  noncurrentVersionExpiration: object({
    newerNoncurrentVersions: number(),
    noncurrentDays: number({ required: true }),
  }),
  status: string({ required: true, check: oneOf("Enabled", "Disabled") }),
  transitions: set(object({ date: string(), days: number(), storageClass: string({ required: true }) })),
};
type Rule = Values<typeof RULE>;

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
const textOf = (date: Date | undefined) => date?.toISOString().replace(".000Z", "Z");

function filterOf({ filter }: Rule): LifecycleRule["Filter"] {
  const { and, tag } = filter ?? {};
  return {
    Prefix: filter?.prefix ?? (filter && (and || tag || filter.objectSizeGreaterThan) ? undefined : ""),
    ObjectSizeGreaterThan: filter?.objectSizeGreaterThan,
    ObjectSizeLessThan: filter?.objectSizeLessThan,
    Tag: tag && { Key: tag.key, Value: tag.value },
    And: and && {
      Prefix: and.prefix,
      ObjectSizeGreaterThan: and.objectSizeGreaterThan,
      ObjectSizeLessThan: and.objectSizeLessThan,
      Tags: toTagList(and.tags ?? {}),
    },
  };
}

function toAws(rule: Rule): LifecycleRule {
  const { abortIncompleteMultipartUpload: abort, expiration, noncurrentVersionExpiration: noncurrent } = rule;
  return {
    ID: rule.id,
    Status: rule.status === "Enabled" ? "Enabled" : "Disabled",
    Filter: filterOf(rule),
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
    Expiration: expiration && {
      Date: dateOf(expiration.date),
      Days: expiration.days,
      ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
    },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.noncurrentDays,
      NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
    },
    Transitions: rule.transitions?.map(({ date, days, storageClass }) => ({
      Date: dateOf(date),
      Days: days,
      // AWS judges it.
      StorageClass: storageClass as TransitionStorageClass,
    })),
  };
}

function fromAws(rule: LifecycleRule) {
  const { AbortIncompleteMultipartUpload: abort, Expiration: expiration, NoncurrentVersionExpiration: old } = rule;
  const { Filter: filter } = rule;
  return {
    id: rule.ID,
    status: rule.Status,
    filter: filter && {
      prefix: filter.Prefix,
      objectSizeGreaterThan: filter.ObjectSizeGreaterThan,
      objectSizeLessThan: filter.ObjectSizeLessThan,
      tag: filter.Tag && { key: filter.Tag.Key, value: filter.Tag.Value },
      and: filter.And && {
        prefix: filter.And.Prefix,
        objectSizeGreaterThan: filter.And.ObjectSizeGreaterThan,
        objectSizeLessThan: filter.And.ObjectSizeLessThan,
        tags: fromTagList(filter.And.Tags),
      },
    },
    abortIncompleteMultipartUpload: abort && { daysAfterInitiation: abort.DaysAfterInitiation },
    expiration: expiration && {
      date: textOf(expiration.Date),
      days: expiration.Days,
      expiredObjectDeleteMarker: expiration.ExpiredObjectDeleteMarker,
    },
    noncurrentVersionExpiration: old && {
      noncurrentDays: old.NoncurrentDays,
      newerNoncurrentVersions: old.NewerNoncurrentVersions,
    },
    transitions: rule.Transitions?.map(({ Date: date, Days: days, StorageClass: storageClass }) => ({
      date: textOf(date),
      days,
      storageClass,
    })),
  };
}

export const bucketLifecycle = setting({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs: { rules: list(object(RULE), { required: true }) },
  put: (client, { bucket: Bucket, rules }) =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules.map(toAws) } }),
    ),
  async read(client, Bucket) {
    const call = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const seen = await unlessGone(call, "NoSuchLifecycleConfiguration");
    return seen?.Rules && { rules: seen.Rules.map(fromAws) };
  },
  reset: (client, Bucket) => client.send(new DeleteBucketLifecycleCommand({ Bucket })),
});
