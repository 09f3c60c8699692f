import { readingEc2 } from "../lib/clients.js";
import { surveyForController } from "../lib/controller-survey.js";
import { readEnv } from "../lib/env.js";
import { makeLedger } from "../lib/ledger.js";
import { LIMITS } from "../lib/limits.js";
import { makeRuntime } from "../lib/runtime.js";
import { readSettings } from "../lib/settings.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { bucket, lease, log, table } = makeRuntime(env, "survey");
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
