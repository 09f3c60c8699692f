import type { Settings } from "../../core/model/model.js";
import type { FunctionName } from "../../core/names/names.js";
import type { IdempotentDeps } from "../execute/create-idempotently.js";
import type { PutLock, PutTags } from "../execute/finalize.js";
import type { Bucket } from "../store/bucket.js";
import { makeClaims } from "../store/claims.js";
import { readSettings } from "../store/settings.js";
import { dynamoTransact } from "../store/transact.js";
import { readingEc2 } from "./clients.js";
import type { Env } from "./env.js";
import { makePutLock, makePutTags } from "./locking.js";
import { makeLookup } from "./lookup.js";
import { makeRuntime, type Runtime, regionBucket } from "./runtime.js";

/** What a function uses that makes points: beside the rest, what keeps it from making one twice. */
export interface MakingRuntime extends Runtime, IdempotentDeps {
  readonly bucket: Bucket;
  readonly settings: () => Promise<Settings>;
  readonly putLock: PutLock;
  readonly putTags: PutTags;
}

export function makeMakingRuntime(env: Env, fn: FunctionName & ("create" | "copy")): MakingRuntime {
  const runtime = makeRuntime(env, fn);
  const bucket = regionBucket(env.region, env.bucket);
  const ec2 = readingEc2(env.region);
  return {
    ...runtime,
    bucket,
    region: env.region,
    now: Date.now,
    claims: makeClaims(runtime.table, dynamoTransact(runtime.dynamo, env.table)),
    lookup: makeLookup(ec2, env),
    settings: () => readSettings(bucket),
    // Locking twice makes the same lock, so its retries are the SDK's own.
    putLock: makePutLock(ec2),
    putTags: makePutTags(ec2),
  };
}
