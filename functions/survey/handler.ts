import { readingEc2 } from "../lib/clients.js";
import { surveyForController } from "../lib/controller-survey.js";
import { readEnv } from "../lib/env.js";
import { makeLedger } from "../lib/ledger.js";
import { LIMITS } from "../lib/limits.js";
import { makeRuntime, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../lib/settings.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { lease, log, table } = makeRuntime(env, "survey");
const bucket = regionBucket(env.region, env.bucket);
const ledger = makeLedger(table);

/** First state of Reconcile: takes the lease and reads AWS. */
export const handler = makeSurvey({
  lease,
  ledger,
  bucket,
  log,
  now: Date.now,
  settings: () => readSettings(bucket),
  look: (args) => surveyForController({ ...args, ec2: readingEc2, limits: LIMITS }),
});
