import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import * as v from "valibot";
import { clientConfig } from "./estate.js";
import { Checkpoint, type StateResource } from "./pending.js";
import { idOf } from "./physical.js";
import type { Found, Recoverable } from "./recovery.js";
import { search, siteOf } from "./search.js";
import type { Interruption } from "./signals.js";

type Variables = Readonly<Record<string, string>>;

const execute = promisify(execFile);

/** No state is larger: one of a thousand resources has a few megabytes. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/** A stack whose state can be mended. Secrets stay encrypted all the way. */
export function recoverable(
  stack: Stack,
  region: string,
  variables: Variables,
  interruption: Interruption,
): Recoverable {
  const { workspace, name } = stack;
  const run = async (...args: string[]) => {
    const env = { ...process.env, ...workspace.envVars };
    const options = { cwd: workspace.workDir, env, maxBuffer: MAX_STATE_BYTES };
    return (await execute(workspace.pulumiCommand.command, [...args, "--stack", name], options)).stdout;
  };
  const config = clientConfig(region, variables);
  return {
    name,
    region,
    read: async () => v.parse(v.pipe(v.string(), v.parseJson(), Checkpoint), await run("stack", "export")),
    write: async (checkpoint) => {
      const file = join(workspace.workDir, `state-${name}.json`);
      try {
        await writeFile(file, JSON.stringify(checkpoint), { mode: 0o600 });
        await run("stack", "import", "--file", file);
      } finally {
        await rm(file, { force: true });
      }
    },
    refresh: async (urns) => {
      await stack.refresh({ target: [...urns], signal: interruption.forward, color: "never" });
    },
    find: async ({ id: recorded, type, inputs }: StateResource): Promise<Found> => {
      if (recorded !== undefined && recorded !== "") return { id: recorded };
      const id = idOf(type, inputs, await siteOf(config));
      if (id !== undefined) return { id };
      const alike = await search(type, inputs, config);
      return alike && { alike };
    },
  };
}
