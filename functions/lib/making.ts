import type { Settings } from "../../core/model.js";
import type { FunctionName } from "../../core/names.js";
import type { Bucket } from "./bucket.js";
import { makeClaims } from "./claims.js";
import { readingEc2 } from "./clients.js";
import type { Env } from "./env.js";
import type { PutLock, PutTags } from "./finish.js";
import { makePutLock, makePutTags } from "./locking.js";
import { makeLookup } from "./lookup.js";
import type { OnceDeps } from "./once.js";
import { makeRuntime, type Runtime, regionBucket } from "./runtime.js";
import { readSettings } from "./settings.js";
import { dynamoTransact } from "./transact.js";

/** What a function uses that makes points: beside the rest, what keeps it from making one twice. */
export interface MakingRuntime extends Runtime, OnceDeps {
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
