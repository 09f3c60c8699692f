import {
  LocalWorkspace,
  type LocalWorkspaceOptions,
  type OutputMap,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import type { Checkpoint } from "./pending.js";
import { pulumi } from "./pulumi.js";
import { readState, storedState } from "./state.js";

/**
 * The engine's workspace in a folder. Each start of the engine's program takes a good part of a second, so that it is not
 * started for what the state tells: whether a stack exists (every operation names its stack, none needs it selected) and its
 * outputs, for which the Automation API would start it twice.
 */
export async function openWorkspace(options: Omit<LocalWorkspaceOptions, "program">): Promise<LocalWorkspace> {
  const workspace = await LocalWorkspace.create({ ...options, pulumiCommand: await pulumi() });
  const select = workspace.selectStack.bind(workspace);
  return Object.assign(workspace, {
    selectStack: async (name: string) => {
      if ((await storedState(workspace, name)) === undefined) await select(name);
    },
    stackOutputs: async (name: string) => outputsOf(await readState(workspace, name)),
  });
}

/** What an operation did is in its events: the history of the stack, which the Automation API reads after each, is not asked. */
export const withoutHistory = (stack: Stack): Stack => Object.assign(stack, { info: () => Promise.resolve(undefined) });

/** Marks a secret in a state (sdk/go/common/resource/sig/sig.go of Pulumi). */
const SECRET = '"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"';

/** The outputs of a stack; one with a secret anywhere in it is a secret, still encrypted. */
export function outputsOf({ deployment }: Checkpoint): OutputMap {
  const root = deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Object.entries(root?.outputs ?? {});
  return Object.fromEntries(
    outputs.map(([name, value]) => [name, { value, secret: JSON.stringify(value).includes(SECRET) }]),
  );
}
