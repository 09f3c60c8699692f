import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { Interruption } from "../cli/signals.js";
import { clientConfig } from "../estate/client-config.js";
import type { StateResource } from "./pending.js";
import { idOf } from "./physical.js";
import type { Found, Recoverable } from "./recovery.js";
import { search, siteOf } from "./search.js";
import { readState, runEngine } from "./state.js";

type Variables = Readonly<Record<string, string>>;

/** A stack whose state can be mended. Secrets stay encrypted all the way. */
export function recoverable(
  stack: Stack,
  region: string,
  variables: Variables,
  interruption: Interruption,
): Recoverable {
  const { workspace, name } = stack;
  const config = clientConfig(region, variables);
  return {
    name,
    region,
    read: () => readState(workspace, name),
    write: async (checkpoint) => {
      const file = join(workspace.workDir, `state-${name}.json`);
      try {
        await writeFile(file, JSON.stringify(checkpoint), { mode: 0o600 });
        await runEngine(workspace, name, "stack", "import", "--file", file);
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
