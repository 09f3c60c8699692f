import { backendsIn } from "../../kinds/backends.js";
import { RULES } from "../../kinds/rules.js";
import { readEnv } from "../lib/env.js";
import { makeRuntime, regionBucket } from "../lib/runtime.js";
import { surveyAll } from "../lib/survey.js";
import { makeLedger } from "../store/ledger.js";
import { readSettings } from "../store/settings.js";
import { makeWorkflows } from "../store/workflows.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { lease, log, table } = makeRuntime(env, "survey");
const bucket = regionBucket(env.region, env.bucket);
const backends = backendsIn(env.region);

/** First state of Reconcile: takes the lease and reads AWS. */
export const handler = makeSurvey({
  lease,
  ledger: makeLedger(table),
  bucket,
  log,
  now: Date.now,
  settings: () => readSettings(bucket, RULES),
  workflows: makeWorkflows(table, Date.now),
  kinds: Object.keys(backends),
  look: (args) => surveyAll({ ...args, backends, rules: RULES }),
});
