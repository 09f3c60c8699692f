import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Workspace } from "@pulumi/pulumi/automation/index.js";
import * as v from "valibot";
import { Checkpoint } from "./pending.js";

const execute = promisify(execFile);

/** No state is larger: one of a thousand resources has a few megabytes. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/** A stack's file in a file backend (sdk/go/common/apitype/core.go of Pulumi: VersionedCheckpoint, CheckpointV3). */
const Stored = v.object({ version: v.number(), checkpoint: v.object({ latest: v.optional(v.nullable(v.unknown())) }) });

/** The state of a stack, its secrets encrypted. Throws where there is no such stack. */
export async function readState(workspace: Workspace, stack: string): Promise<Checkpoint> {
  const exported = async (): Promise<unknown> => JSON.parse(await runEngine(workspace, stack, "stack", "export"));
  return v.parse(Checkpoint, (await storedState(workspace, stack)) ?? (await exported()));
}

/**
 * The state as a file backend holds it, without starting the engine's program for it; undefined in other backends, and where
 * there is no such stack or it is not stored as we know it. The backend replaces the file at once, so that it is always whole.
 */
export async function storedState(
  workspace: Pick<Workspace, "envVars" | "projectSettings">,
  stack: string,
): Promise<unknown> {
  const backend = workspace.envVars["PULUMI_BACKEND_URL"] ?? process.env["PULUMI_BACKEND_URL"];
  if (!backend?.startsWith("file://")) return undefined;
  const { name: project } = await workspace.projectSettings();
  const file = join(fileURLToPath(backend), ".pulumi", "stacks", project, `${stack}.json`);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { success, output } = v.safeParse(Stored, JSON.parse(text));
  return success ? { version: output.version, deployment: output.checkpoint.latest ?? null } : undefined;
}

/** What the engine's program prints when it is told to do something with a stack. */
export async function runEngine(workspace: Workspace, stack: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...workspace.envVars };
  const options = { cwd: workspace.workDir, env, maxBuffer: MAX_STATE_BYTES };
  return (await execute(workspace.pulumiCommand.command, [...args, "--stack", stack], options)).stdout;
}
