import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  type ServerSideEncryption,
  type StorageClass,
} from "@aws-sdk/client-s3";
import { assetBytes } from "../../calls/archive.js";
import { fromTagList, toTagList } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { asset, boolean, map, object, string, tagged, type Values } from "../../resource/schema.js";
import { isProps } from "../../wire.js";
import { emptyBucket } from "./bucket.js";

const INPUTS = {
  bucket: string({ required: true, replace: true }),
  cacheControl: string(),
  content: string(),
  contentBase64: string(),
  contentDisposition: string(),
  contentEncoding: string(),
  contentLanguage: string(),
  contentType: string({ computed: true }),
  forceDestroy: boolean({ default: false }),
  key: string({ required: true, replace: true }),
  kmsKeyId: string({ computed: true }),
  metadata: map(),
  overrideProvider: object({ defaultTags: object({ tags: map() }) }),
  serverSideEncryption: string({ computed: true }),
  source: asset(),
  sourceHash: string(),
  storageClass: string({ computed: true }),
  ...tagged,
};
/** S3 user guide, "Categorizing your objects using tags". */
const TAGS_MAX = 10;
/** What a change of may leave the bytes alone. */
const BESIDE = ["tags", "tagsAll", "forceDestroy", "overrideProvider"];
type Inputs = Values<typeof INPUTS>;

async function body(context: Context, { content, contentBase64, source }: Inputs): Promise<Buffer> {
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, "base64");
  if (source !== undefined) return assetBytes(source, context.projectRoot);
  return Buffer.from(content ?? "", "utf8");
}

async function put(context: Context, inputs: Inputs): Promise<void> {
  await context.client(S3Client).send(
    new PutObjectCommand({
      Bucket: inputs.bucket,
      Key: inputs.key,
      Body: await body(context, inputs),
      CacheControl: inputs.cacheControl,
      ContentDisposition: inputs.contentDisposition,
      ContentEncoding: inputs.contentEncoding,
      ContentLanguage: inputs.contentLanguage,
      ContentType: inputs.contentType,
      Metadata: inputs.metadata && { ...inputs.metadata },
      SSEKMSKeyId: inputs.kmsKeyId,
      // AWS judges these two.
      ServerSideEncryption: inputs.serverSideEncryption as ServerSideEncryption | undefined,
      StorageClass: inputs.storageClass as StorageClass | undefined,
      Tagging: new URLSearchParams(inputs.tagsAll).toString(),
    }),
  );
}

const objectOf = (token: string) =>
  resource({
    token,
    inputs: INPUTS,
    outputs: ["arn", "etag", "versionId"],
    recomputed: (changed) => ([...changed].every((name) => BESIDE.includes(name)) ? [] : ["etag", "versionId"]),
    validate: ({ content, contentBase64, source, tagsAll }) => {
      if ([content, contentBase64, source].filter((one) => one !== undefined).length > 1)
        return { property: "content", reason: "only one of content, contentBase64, source can be given" };
      const count = isProps(tagsAll) ? Object.keys(tagsAll).length : 0;
      if (count <= TAGS_MAX) return undefined;
      return { property: "tags", reason: `an object takes ${TAGS_MAX} tags; with the provider's there are ${count}` };
    },
    async create(context, inputs) {
      await put(context, inputs);
      return inputs.key;
    },
    async read(context, id, { bucket: Bucket }) {
      if (Bucket === undefined) throw new Error(`the sandbox cannot import ${token}`);
      const client = context.client(S3Client);
      const at = { Bucket, Key: id };
      const seen = await unlessGone(client.send(new HeadObjectCommand(at)), "NotFound", "NoSuchBucket");
      if (!seen) return undefined;
      const { TagSet } = await client.send(new GetObjectTaggingCommand(at));
      return {
        arn: `arn:${context.partition}:s3:::${Bucket}/${id}`,
        etag: seen.ETag?.replaceAll('"', ""),
        versionId: seen.VersionId,
        cacheControl: seen.CacheControl,
        contentDisposition: seen.ContentDisposition,
        contentEncoding: seen.ContentEncoding,
        contentLanguage: seen.ContentLanguage,
        contentType: seen.ContentType,
        metadata: seen.Metadata,
        serverSideEncryption: seen.ServerSideEncryption,
        storageClass: seen.StorageClass ?? "STANDARD",
        tagsAll: fromTagList(TagSet),
      };
    },
    async update(context, id, next, _prior, changed) {
      if ([...changed].every((name) => BESIDE.includes(name))) {
        const Tagging = { TagSet: toTagList(next.tagsAll) };
        await context.client(S3Client).send(new PutObjectTaggingCommand({ Bucket: next.bucket, Key: id, Tagging }));
      } else {
        await put(context, next);
      }
    },
    async remove(context, id, { bucket: Bucket }) {
      const client = context.client(S3Client);
      const remove = async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key: id }));
        // Where the bucket keeps versions, they all go, as with the official provider.
        await emptyBucket(client, Bucket, id);
      };
      await unlessGone(remove(), "NoSuchBucket", "NoSuchKey");
    },
  });

export const bucketObject = objectOf("aws:s3/bucketObject:BucketObject");
export const bucketObjectv2 = objectOf("aws:s3/bucketObjectv2:BucketObjectv2");
