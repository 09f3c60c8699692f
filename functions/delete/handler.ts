import { backendsIn } from "../../kinds/backends.js";
import { RULES } from "../../kinds/rules.js";
import { backendOf } from "../execute/backend-of.js";
import { readEnv } from "../lib/env.js";
import { type LambdaContext, makeRuntime, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../store/settings.js";
import { makeWorkflows } from "../store/workflows.js";
import { makeDelete } from "./delete.js";

const env = readEnv(process.env);
const { lease, log, table } = makeRuntime(env, "delete");
const bucket = regionBucket(env.region, env.bucket);

const remove = makeDelete({
  bucket,
  lease,
  log,
  now: Date.now,
  settings: () => readSettings(bucket, RULES),
  workflows: makeWorkflows(table, Date.now),
  backendOf: backendOf(backendsIn(env.region), RULES),
});

/** Deletes the expired points of the own region. */
export const handler = (event: unknown, context: LambdaContext) =>
  remove(event, { remainingMs: context.getRemainingTimeInMillis() });
