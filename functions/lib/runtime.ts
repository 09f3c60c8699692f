import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { FunctionName } from "../../core/names/names.js";
import type { Log } from "../../kinds/lib/log.js";
import { type Bucket, s3Bucket } from "../store/bucket.js";
import { type Lease, makeLease } from "../store/lease.js";
import { dynamoTable, type Table } from "../store/table.js";
import { type Env, logFields } from "./env.js";
import { makeLog } from "./log.js";

/** What every function uses, made once per cold start. */
export interface Runtime {
  readonly dynamo: DynamoDBClient;
  readonly table: Table;
  readonly lease: Lease;
  readonly log: Log;
}

export function makeRuntime(env: Env, fn: FunctionName): Runtime {
  const dynamo = new DynamoDBClient({ region: env.region, retryMode: "adaptive" });
  const table = dynamoTable(dynamo, env.table);
  return { dynamo, table, lease: makeLease(table), log: makeLog(logFields(env, fn)) };
}

/** A stack's bucket. Apart from the rest, since not every function has one. */
export const regionBucket = (region: string, name: string): Bucket =>
  s3Bucket(new S3Client({ region, retryMode: "adaptive" }), name);

/** What the Lambda runtime hands to a handler, as far as it is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}
