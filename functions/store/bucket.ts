import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";

/** JSON objects and JSON lines. What is not there is `undefined`, everything else is an error. */
export interface Bucket {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
  readLines(key: string): Promise<readonly unknown[] | undefined>;
  writeLines(key: string, values: readonly unknown[]): Promise<void>;
  /** Keys that begin so, in the order of their bytes (S3 API reference, ListObjectsV2). */
  keys(prefix: string): Promise<readonly string[]>;
}

/** Names of S3's answer to a missing object: without ListBucket it is AccessDenied, which stays an error here. */
const MISSING = new Set(["NoSuchKey", "NotFound"]);

export function s3Bucket(client: S3Client, bucket: string): Bucket {
  const get = async (key: string): Promise<string | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && MISSING.has(error.name)) return undefined;
      throw error;
    }
  };
  const put = async (key: string, body: string, type: string) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type }));
  };
  return {
    async read(key) {
      const text = await get(key);
      return text === undefined ? undefined : parse(text, key);
    },
    write: (key, value) => put(key, JSON.stringify(value), "application/json"),
    async readLines(key) {
      const text = await get(key);
      return text
        ?.split("\n")
        .filter((line) => line !== "")
        .map((line) => parse(line, key));
    },
    writeLines: (key, values) =>
      put(key, values.map((value) => `${JSON.stringify(value)}\n`).join(""), "application/jsonl"),
    async keys(prefix) {
      const pages = await Array.fromAsync(paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }));
      return pages.flatMap(({ Contents = [] }) => Contents.flatMap(({ Key }) => Key ?? []));
    },
  };
}

function parse(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the object ${key} is not JSON`, { cause });
  }
}
