import { Metrics } from "@aws-lambda-powertools/metrics";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { NAMESPACE } from "../../core/names/metrics.js";
import { RULES } from "../../kinds/rules.js";
import { emitTo } from "../lib/emf.js";
import { readEnv } from "../lib/env.js";
import { makeRuntime, regionBucket } from "../lib/runtime.js";
import { makeLedger } from "../store/ledger.js";
import { makeRecord } from "./record.js";
import { readTelling } from "./telling.js";

const env = readEnv(process.env);
const { lease, log, table } = makeRuntime(env, "record");
const bucket = regionBucket(env.region, env.bucket);
const ledger = makeLedger(table);
const telling = readTelling(process.env, env);
const sns = new SNSClient({ region: telling.region, retryMode: "adaptive" });

/** Last state of Reconcile, and the one that every error leads to. */
export const handler = makeRecord({
  deployment: env.deployment,
  role: env.role,
  region: env.region,
  bucket,
  table,
  lease,
  ledger,
  log,
  rules: RULES,
  now: Date.now,
  repeatAfterMs: telling.repeatAfterMs,
  summary: telling.summary,
  emit: emitTo(new Metrics({ namespace: NAMESPACE })),
  publish: async ({ subject, body, attributes }) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    );
    await sns.send(
      new PublishCommand({ TopicArn: telling.topicArn, Subject: subject, Message: body, MessageAttributes }),
    );
  },
});
