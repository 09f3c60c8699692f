import { CreateSnapshotCommand, CreateSnapshotsCommand } from "@aws-sdk/client-ec2";
import { makeClaims } from "../lib/claims.js";
import { creatingEc2, readingEc2 } from "../lib/clients.js";
import { idsOf } from "../lib/describe.js";
import { readEnv } from "../lib/env.js";
import { makeLookup } from "../lib/lookup.js";
import { type LambdaContext, makeRuntime } from "../lib/runtime.js";
import { readSettings } from "../lib/settings.js";
import { makeCreate } from "./create.js";
import { createSnapshotInput, createSnapshotsInput } from "./request.js";

const env = readEnv(process.env);
const { bucket, lease, log, table } = makeRuntime(env, "create");
const ec2 = creatingEc2(env.region);

const create = makeCreate({
  bucket,
  lease,
  log,
  region: env.region,
  now: Date.now,
  claims: makeClaims(table),
  lookup: makeLookup(readingEc2(env.region), env.deployment),
  settings: () => readSettings(bucket),
  createSnapshots: async (action, tags) => {
    if (action.kind === "volume") {
      return idsOf([await ec2.send(new CreateSnapshotCommand(createSnapshotInput(action, tags)))]);
    }
    const { Snapshots } = await ec2.send(new CreateSnapshotsCommand(createSnapshotsInput(action, tags)));
    return idsOf(Snapshots);
  },
});

/** Makes the planned points of the own region. */
export const handler = (event: unknown, context: LambdaContext) =>
  create(event, { remainingMs: context.getRemainingTimeInMillis() });
