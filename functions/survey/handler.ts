import { readingEc2 } from "../lib/clients.js";
import { surveyForController } from "../lib/controller-survey.js";
import { readEnv } from "../lib/env.js";
import { freeLease } from "../lib/lease.js";
import { knownLedger } from "../lib/ledger.js";
import { LIMITS } from "../lib/limits.js";
import { makeBase, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../lib/settings.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { log, table } = makeBase(env, "survey");
const bucket = regionBucket(env.region, env.bucket);
const ledger = knownLedger(table);

/** First state of Reconcile: takes the lease and reads AWS. */
export const handler = makeSurvey({
  lease: freeLease(table),
  ledger,
  bucket,
  log,
  now: Date.now,
  settings: () => readSettings(bucket),
  look: (args) => surveyForController({ ...args, ec2: readingEc2, limits: LIMITS }),
});
