import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "../../core/model.js";
import type { FunctionName } from "../../core/names.js";
import { type Bucket, s3Bucket } from "./bucket.js";
import { makeClaims } from "./claims.js";
import { readingEc2 } from "./clients.js";
import { type Env, logFields } from "./env.js";
import type { PutLock } from "./finish.js";
import { type Lease, makeLease } from "./lease.js";
import { type Ledger, makeLedger } from "./ledger.js";
import { makePutLock } from "./locking.js";
import { type Log, makeLog } from "./log.js";
import { makeLookup } from "./lookup.js";
import type { OnceDeps } from "./once.js";
import { readSettings } from "./settings.js";
import { dynamoTable, type Table } from "./table.js";

/** What every function of a stack uses, made once per cold start. */
export interface Runtime {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly lease: Lease;
  readonly ledger: Ledger;
  readonly log: Log;
}

export function makeRuntime(env: Env, fn: FunctionName): Runtime {
  const table = dynamoTable(new DynamoDBClient({ region: env.region, retryMode: "adaptive" }), env.table);
  return {
    table,
    bucket: regionBucket(env.region, env.bucket),
    lease: makeLease(table),
    ledger: makeLedger(table),
    log: makeLog(logFields(env, fn), console.log),
  };
}

/** What a function uses that makes points: beside the rest, what keeps it from making one twice. */
export interface MakingRuntime extends Runtime, OnceDeps {
  readonly settings: () => Promise<Settings>;
  readonly putLock: PutLock;
}

export function makeMakingRuntime(env: Env, fn: FunctionName & ("create" | "copy")): MakingRuntime {
  const runtime = makeRuntime(env, fn);
  const ec2 = readingEc2(env.region);
  return {
    ...runtime,
    region: env.region,
    now: Date.now,
    claims: makeClaims(runtime.table),
    lookup: makeLookup(ec2, env),
    settings: () => readSettings(runtime.bucket),
    // Locking twice makes the same lock, so its retries are the SDK's own.
    putLock: makePutLock(ec2),
  };
}

export const regionBucket = (region: string, name: string): Bucket =>
  s3Bucket(new S3Client({ region, retryMode: "adaptive" }), name);

/** What the Lambda runtime hands to a handler, as far as it is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}
