import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { type Bucket, s3Bucket } from "./bucket.js";

/** A bucket whose objects need not all be known by name. */
export interface Shelf extends Bucket {
  /** Keys that begin so, in the order of their bytes (S3 API reference, ListObjectsV2). */
  keys(prefix: string): Promise<readonly string[]>;
}

export function regionShelf(region: string, name: string): Shelf {
  const client = new S3Client({ region, retryMode: "adaptive" });
  return {
    ...s3Bucket(client, name),
    async keys(prefix) {
      const found: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix }))
        found.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return found;
    },
  };
}
