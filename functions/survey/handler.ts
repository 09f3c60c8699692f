import { readingEc2 } from "../lib/clients.js";
import { readEnv } from "../lib/env.js";
import { LIMITS } from "../lib/limits.js";
import { makeRuntime } from "../lib/runtime.js";
import { readSettings } from "../lib/settings.js";
import { surveyWorld } from "../lib/survey.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { bucket, lease, ledger, log } = makeRuntime(env, "survey");

/** First state of Reconcile: takes the lease and reads AWS. */
export const handler = makeSurvey({
  lease,
  ledger,
  bucket,
  log,
  now: Date.now,
  settings: () => readSettings(bucket),
  look: (args) => surveyWorld({ ...args, ec2: readingEc2, limits: LIMITS }),
});
