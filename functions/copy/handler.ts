import { CopySnapshotCommand } from "@aws-sdk/client-ec2";
import { names } from "../../core/names/names.js";
import { isFinish, makeFinish } from "../execute/finish.js";
import { creatingEc2 } from "../lib/clients.js";
import { idsOf } from "../lib/describe.js";
import { readEnv } from "../lib/env.js";
import { makeMakingRuntime } from "../lib/making.js";
import { type LambdaContext, regionBucket } from "../lib/runtime.js";
import { makeCopy } from "./copy.js";
import { copySnapshotInput } from "./request.js";

const env = readEnv(process.env);
const ec2 = creatingEc2(env.region);

const runtime = makeMakingRuntime(env, "copy");

const copy = makeCopy({
  ...runtime,
  peerBucket: (home) => regionBucket(home, names(env.deployment, "primary").bucket(env.account, home)),
  copySnapshot: async (action, tags) => {
    const { SnapshotId } = await ec2.send(new CopySnapshotCommand(copySnapshotInput(action, tags)));
    return idsOf([{ SnapshotId }]);
  },
});

const finish = makeFinish(runtime);

/** Pulls the planned copies into the own region, and finishes them. */
export const handler = (event: unknown, context: LambdaContext) =>
  (isFinish(event) ? finish : copy)(event, { remainingMs: context.getRemainingTimeInMillis() });
