import { readEnv } from "../lib/env.js";
import { makeRuntime } from "../lib/runtime.js";
import { makePlan } from "./plan.js";

const env = readEnv(process.env);
const { bucket, lease, log } = makeRuntime(env, "plan");

/** Second state of Reconcile: decides everything, once per run. */
export const handler = makePlan({ bucket, lease, log, region: env.region, now: Date.now });
