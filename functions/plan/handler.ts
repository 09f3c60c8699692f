import { RULES } from "../../kinds/rules.js";
import { readEnv } from "../lib/env.js";
import { makeRuntime, regionBucket } from "../lib/runtime.js";
import { makePlan } from "./plan.js";

const env = readEnv(process.env);
const { lease, log } = makeRuntime(env, "plan");
const bucket = regionBucket(env.region, env.bucket);

/** Second state of Reconcile: decides everything, once per run. */
export const handler = makePlan({ bucket, lease, log, region: env.region, rules: RULES, now: Date.now });
