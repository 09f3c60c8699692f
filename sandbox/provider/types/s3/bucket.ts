import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { fromTagList, toTagList } from "../../calls/tags.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { boolean, string, tagged } from "../../resource/schema.js";

const NO_BUCKET = ["NotFound", "NoSuchBucket"];

/** Deletes every version and delete marker, of one key or of all. */
export async function emptyBucket(client: S3Client, Bucket: string, key?: string): Promise<void> {
  for await (const page of versionPages(client, Bucket, key)) {
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
      .filter(({ Key }) => key === undefined || Key === key)
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) continue;
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [failed] = Errors ?? [];
    if (failed) throw new Error(`DeleteObjects ${Bucket}/${failed.Key}: ${failed.Code}: ${failed.Message}`);
  }
}

/** The SDK has no paginator for versions. */
async function* versionPages(client: S3Client, Bucket: string, Prefix?: string) {
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  let more = true;
  while (more) {
    const request = { Bucket, Prefix, KeyMarker, VersionIdMarker };
    const page: ListObjectVersionsCommandOutput = await client.send(new ListObjectVersionsCommand(request));
    yield page;
    ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
    more = page.IsTruncated ?? false;
  }
}

async function setTags(client: S3Client, Bucket: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const TagSet = toTagList(tags);
  if (TagSet.length === 0) await client.send(new DeleteBucketTaggingCommand({ Bucket }));
  else await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

/** The bucket itself; what once were its other arguments are resources of their own (aws 7). */
const bucketOf = (token: string) =>
  resource({
    token,
    inputs: {
      bucket: string({ required: true, replace: true }),
      forceDestroy: boolean({ default: false }),
      objectLockEnabled: boolean({ computed: true, replace: true }),
      ...tagged,
    },
    outputs: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName"],
    autoName: { property: "bucket", max: 63, shape: (name) => name.toLowerCase() },
    async create(context, inputs) {
      const client = context.client(S3Client);
      const { region } = context;
      const { bucket: Bucket, objectLockEnabled: ObjectLockEnabledForBucket } = inputs;
      // us-east-1 is where a bucket is without a constraint, and must not be named (S3 API reference, CreateBucket).
      // S3 judges the region.
      const CreateBucketConfiguration =
        region === "us-east-1" ? undefined : { LocationConstraint: region as BucketLocationConstraint };
      await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket, CreateBucketConfiguration }));
      return Bucket;
    },
    async settle(context, id, { tagsAll }) {
      if (Object.keys(tagsAll).length > 0) await setTags(context.client(S3Client), id, tagsAll);
    },
    async read(context, id) {
      const client = context.client(S3Client);
      if (!(await unlessGone(client.send(new HeadBucketCommand({ Bucket: id })), ...NO_BUCKET))) return undefined;
      const tags = await unlessGone(client.send(new GetBucketTaggingCommand({ Bucket: id })), "NoSuchTagSet");
      const call = client.send(new GetObjectLockConfigurationCommand({ Bucket: id }));
      const lock = await unlessGone(call, "ObjectLockConfigurationNotFoundError");
      return {
        bucket: id,
        arn: `arn:${context.partition}:s3:::${id}`,
        bucketDomainName: `${id}.s3.amazonaws.com`,
        bucketRegion: context.region,
        bucketRegionalDomainName: `${id}.s3.${context.region}.amazonaws.com`,
        objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
        tagsAll: fromTagList(tags?.TagSet),
      };
    },
    async update(context, id, next, _prior, changed) {
      if (changed.has("tagsAll")) await setTags(context.client(S3Client), id, next.tagsAll);
    },
    async remove(context, id, { forceDestroy }) {
      const client = context.client(S3Client);
      const remove = async () => {
        if (forceDestroy) await emptyBucket(client, id);
        await client.send(new DeleteBucketCommand({ Bucket: id }));
      };
      await unlessGone(remove(), ...NO_BUCKET);
    },
  });

export const bucket = bucketOf("aws:s3/bucket:Bucket");
/** The old name of the same. */
export const bucketV2 = bucketOf("aws:s3/bucketV2:BucketV2");
