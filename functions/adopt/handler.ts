import { backendsIn } from "../../kinds/backends.js";
import { RULES } from "../../kinds/rules.js";
import { readEnv } from "../lib/env.js";
import { type LambdaContext, makeRuntime, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../store/settings.js";
import { makeAdopt } from "./adopt.js";
import { importersOf } from "./importers.js";
import { isStep, makeTakeIn } from "./take-in.js";

const env = readEnv(process.env);
const { log } = makeRuntime(env, "adopt");
const bucket = regionBucket(env.region, env.bucket);
const importers = importersOf(backendsIn(env.region));

const adopt = makeAdopt({ deployment: env.deployment, importers, log });
const takeIn = makeTakeIn({ importers, bucket, log, now: Date.now, settings: () => readSettings(bucket, RULES) });

/** Called by `lockstep adopt`, and by Reconcile where a policy takes in what others made. */
export const handler = (event: unknown, context: LambdaContext) =>
  isStep(event) ? takeIn(event, { remainingMs: context.getRemainingTimeInMillis() }) : adopt(event);
