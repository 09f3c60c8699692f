import { CreateSnapshotCommand, CreateSnapshotsCommand } from "@aws-sdk/client-ec2";
import { isFinalize, makeFinalize } from "../execute/finalize.js";
import { creatingEc2 } from "../lib/clients.js";
import { idsOf } from "../lib/describe.js";
import { readEnv } from "../lib/env.js";
import { makeMakingRuntime } from "../lib/making.js";
import type { LambdaContext } from "../lib/runtime.js";
import { makeCreate } from "./create.js";
import { createSnapshotInput, createSnapshotsInput } from "./request.js";

const env = readEnv(process.env);
const ec2 = creatingEc2(env.region);

const runtime = makeMakingRuntime(env, "create");

const create = makeCreate({
  ...runtime,
  createSnapshots: async (action, tags) => {
    if (action.kind === "volume") {
      return idsOf([await ec2.send(new CreateSnapshotCommand(createSnapshotInput(action, tags)))]);
    }
    const { Snapshots } = await ec2.send(new CreateSnapshotsCommand(createSnapshotsInput(action, tags)));
    return idsOf(Snapshots);
  },
});

const finalize = makeFinalize(runtime);

/** Makes the planned points of the own region, and finalizes them. */
export const handler = (event: unknown, context: LambdaContext) =>
  (isFinalize(event) ? finalize : create)(event, { remainingMs: context.getRemainingTimeInMillis() });
