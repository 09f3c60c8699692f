import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { readingEc2 } from "../lib/clients.js";
import { readEnv } from "../lib/env.js";
import { makeRuntime } from "../lib/runtime.js";
import { makeAdopt } from "./adopt.js";

const env = readEnv(process.env);
const { log } = makeRuntime(env, "adopt");
// Tagging twice makes the same tags, so its retries are the SDK's own.
const ec2 = readingEc2(env.region);

/** Called by `lockstep adopt` alone. */
export const handler = makeAdopt({
  deployment: env.deployment,
  log,
  tag: async (snapshot, tags) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await ec2.send(new CreateTagsCommand({ Resources: [snapshot], Tags }));
  },
});
