import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { kindsInUse } from "../../core/config/kinds.js";
import { names } from "../../core/names/names.js";
import { backendsIn } from "../../kinds/backends.js";
import { RULES } from "../../kinds/rules.js";
import { executionsArn, readEnv } from "../lib/env.js";
import { makeRuntime, regionBucket } from "../lib/runtime.js";
import { surveyAll } from "../lib/survey.js";
import { makeLedger } from "../store/ledger.js";
import { readSettings } from "../store/settings.js";
import { makeWorkflows } from "../store/workflows.js";
import { sfnExecutions } from "./executions.js";
import { makeSurvey } from "./survey.js";

const env = readEnv(process.env);
const { lease, log, table } = makeRuntime(env, "survey");
const bucket = regionBucket(env.region, env.bucket);
const backends = backendsIn(env.region);
const machines = new SFNClient({ region: env.region, retryMode: "adaptive" });

/** First state of Reconcile: takes the lease and reads AWS. */
export const handler = makeSurvey({
  lease,
  ledger: makeLedger(table),
  bucket,
  log,
  now: Date.now,
  settings: () => readSettings(bucket, RULES),
  peerBuckets: ({ role, peers }) => {
    const peer = names(env.deployment, role === "primary" ? "dr" : "primary");
    return peers.map((region) => regionBucket(region, peer.bucket(env.account, region)));
  },
  workflows: makeWorkflows(table, Date.now),
  executions: sfnExecutions(({ machine, name }) =>
    machines.send(new DescribeExecutionCommand({ executionArn: `${executionsArn(env)}:${machine}:${name}` })),
  ),
  kinds: (of) => kindsInUse(RULES, of),
  look: (args) => surveyAll({ ...args, backends, rules: RULES }),
});
