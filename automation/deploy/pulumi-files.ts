import { readdir } from "node:fs/promises";
import type { ProjectSettings, StackSettings, Workspace } from "@pulumi/pulumi/automation/index.js";
import * as v from "valibot";
import { CommandProblem } from "../cli/outcome.js";

/** What the tracked files say. */
export interface PulumiFiles {
  readonly project: ProjectSettings;
  /** By the name in the file's: `primary` of Pulumi.primary.yaml. */
  readonly stacks: ReadonlyMap<string, StackSettings>;
}

export const stackFile = (id: string): string => `Pulumi.${id}.yaml`;

const settings = v.exactOptional(
  v.record(v.string(), v.unknown(), "config: must hold settings, like lockstep:role: primary"),
);
const Project = v.looseObject({ name: v.string("name: must be text"), config: settings }, "it must have a name");
const Stack = v.looseObject({ config: settings }, "it must have a config: with aws:region and lockstep:role");

/** Reads Pulumi.yaml and the files of all stacks. What is no such file is told by its name, all of them at once. */
export async function readPulumiFiles(workspace: Workspace): Promise<PulumiFiles> {
  const problems: string[] = [];
  const read = async <T>(file: string, schema: v.GenericSchema, from: () => Promise<T>): Promise<T | undefined> => {
    try {
      const content = await from();
      const { issues = [] } = v.safeParse(schema, content);
      problems.push(...issues.map(({ message }) => `${file}: ${message}.`));
      return content;
    } catch (error) {
      problems.push(`${file}: ${whyUnread(error)}`);
      return undefined;
    }
  };
  const names = await readdir(workspace.workDir);
  const ids = names.flatMap((name) => /^Pulumi\.([\w-]+)\.yaml$/.exec(name)?.[1] ?? []).sort();
  const project = await read("Pulumi.yaml", Project, () => workspace.projectSettings());
  const stacks = new Map<string, StackSettings>();
  for (const id of ids) {
    const content = await read(stackFile(id), Stack, () => workspace.stackSettings(id));
    if (content !== undefined) stacks.set(id, content);
  }
  if (problems.length > 0 || project === undefined) throw new CommandProblem("usage", problems.join("\n"));
  return { project, stacks };
}

function whyUnread(error: unknown): string {
  // The engine's library takes for granted that there is something in a file.
  if (error instanceof TypeError) return "it is empty; it must have a config: with aws:region and lockstep:role.";
  return `it is no YAML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
}
