import { DeleteSnapshotCommand } from "@aws-sdk/client-ec2";
import { readingEc2 } from "../lib/clients.js";
import { readEnv } from "../lib/env.js";
import { type LambdaContext, makeRuntime, regionBucket } from "../lib/runtime.js";
import { readSettings } from "../store/settings.js";
import { makePrune } from "./prune.js";

const env = readEnv(process.env);
const { lease, log } = makeRuntime(env, "prune");
const bucket = regionBucket(env.region, env.bucket);
const ec2 = readingEc2(env.region);

const prune = makePrune({
  bucket,
  lease,
  log,
  now: Date.now,
  settings: () => readSettings(bucket),
  deleteSnapshot: async (SnapshotId) => {
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  },
});

/** Deletes the expired points of the own region. */
export const handler = (event: unknown, context: LambdaContext) =>
  prune(event, { remainingMs: context.getRemainingTimeInMillis() });
