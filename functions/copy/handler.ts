import { CopySnapshotCommand } from "@aws-sdk/client-ec2";
import { names } from "../../core/names/names.js";
import { isFinalize, makeFinalize } from "../execute/finalize.js";
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

const finalize = makeFinalize(runtime);

/** Pulls the planned copies into the own region, and finalizes them. */
export const handler = (event: unknown, context: LambdaContext) =>
  (isFinalize(event) ? finalize : copy)(event, { remainingMs: context.getRemainingTimeInMillis() });
