import { names } from "../../core/names/names.js";
import { backendsIn } from "../../kinds/backends.js";
import { RULES } from "../../kinds/rules.js";
import { backendOf } from "../execute/backend-of.js";
import { readEnv } from "../lib/env.js";
import { type LambdaContext, makeRuntime, regionBucket } from "../lib/runtime.js";
import { makeClaims } from "../store/claims.js";
import { readSettings } from "../store/settings.js";
import { dynamoTransact } from "../store/transact.js";
import { makeWorkflows } from "../store/workflows.js";
import { makeMake } from "./make.js";

const env = readEnv(process.env);
const { dynamo, lease, log, table } = makeRuntime(env, "make");
const bucket = regionBucket(env.region, env.bucket);

const make = makeMake({
  bucket,
  lease,
  log,
  region: env.region,
  now: Date.now,
  settings: () => readSettings(bucket, RULES),
  claims: makeClaims(table, dynamoTransact(dynamo, env.table)),
  backendOf: backendOf(backendsIn(env.region), RULES),
  workflows: makeWorkflows(table, Date.now),
  peerBucket: (home) => regionBucket(home, names(env.deployment, "primary").bucket(env.account, home)),
});

/** Makes and copies points in the own region, and finalizes them. */
export const handler = (event: unknown, context: LambdaContext) =>
  make(event, { remainingMs: context.getRemainingTimeInMillis() });
