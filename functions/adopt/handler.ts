import { readingEc2 } from "../../kinds/ebs/aws/clients.js";
import { makePutTags } from "../../kinds/ebs/aws/puts.js";
import { RULES } from "../../kinds/rules.js";
import { readEnv } from "../lib/env.js";
import { type LambdaContext, makeRuntime, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../store/settings.js";
import { makeAdopt } from "./adopt.js";
import { makeLook } from "./look.js";
import { isStep, makeTakeIn } from "./take-in.js";

const env = readEnv(process.env);
const { log } = makeRuntime(env, "adopt");
const bucket = regionBucket(env.region, env.bucket);
// Tagging twice makes the same tags, so its retries are the SDK's own.
const ec2 = readingEc2(env.region);

const tag = makePutTags(ec2);

const adopt = makeAdopt({ deployment: env.deployment, log, tag });
const takeIn = makeTakeIn({
  ...makeLook(() => ec2),
  bucket,
  log,
  tag,
  now: Date.now,
  settings: () => readSettings(bucket, RULES),
});

/** Called by `lockstep adopt`, and by Reconcile where a policy takes in snapshots of others. */
export const handler = (event: unknown, context: LambdaContext) =>
  isStep(event) ? takeIn(event, { remainingMs: context.getRemainingTimeInMillis() }) : adopt(event);
