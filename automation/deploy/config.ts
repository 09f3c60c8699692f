import { LocalWorkspace, type ProjectSettings, type StackSettings } from "@pulumi/pulumi/automation/index.js";
import * as v from "valibot";
import { ConfigError } from "../../core/config/problems.js";
import { readProgram } from "../../stacks/program.js";
import { CommandProblem } from "../cli/outcome.js";
import { type Places, StackRecord } from "./envs.js";
import { pulumi } from "./pulumi.js";
import { readPulumiFiles, stackFile } from "./pulumi-files.js";
import { engineConfig, settingOf } from "./setting.js";

/** A stack as it should be deployed. */
export interface StackConfig {
  readonly record: StackRecord;
  readonly settings: StackSettings;
}

export interface EnvConfig {
  readonly env: string;
  readonly deployment: string;
  readonly project: ProjectSettings;
  readonly stacks: readonly StackConfig[];
}

/** Settings of one environment, put over those of every stack. */
export type Overrides = Readonly<Record<string, unknown>>;

/** What the tracked Pulumi files say an environment should be, with its own settings put over them. */
export async function configOf(places: Places, env: string, over: Overrides): Promise<EnvConfig> {
  const workspace = await LocalWorkspace.create({ workDir: places.project, pulumiCommand: await pulumi() });
  const { project, stacks: files } = await readPulumiFiles(workspace);
  const stacks = [...files].map(([id, settings]) => stackOf(id, env, project, settings, over));
  checkAll(project, stacks);
  const deployments = new Set(stacks.map((s) => s.deployment));
  const [deployment] = deployments;
  if (deployment === undefined || deployments.size > 1)
    throw new CommandProblem(
      "usage",
      `lockstep:deployment must be the same in ${[...files.keys()].map(stackFile).join(", ")}; found ${[...deployments].join(", ") || "none"}.`,
    );
  return { env, deployment, project, stacks };
}

function stackOf(
  id: string,
  env: string,
  project: ProjectSettings,
  settings: StackSettings,
  over: Overrides,
): StackConfig & { deployment: string } {
  const file = stackFile(id);
  const text = (key: string): string => {
    const value = settingOf(project, settings, key);
    if (typeof value === "string" && value !== "") return value;
    throw new CommandProblem("usage", `${file}: ${key} must be text, not ${JSON.stringify(value)}.`);
  };
  const role = v.safeParse(StackRecord.entries.role, text("lockstep:role"));
  if (!role.success) throw new CommandProblem("usage", `${file}: lockstep:role must be primary, dr or workload.`);
  // Environments beside each other in one account must not share a name.
  const own = env === "default" ? "" : `-${env}`;
  const deployment = `${text("lockstep:deployment")}${own}`;
  return {
    record: { id, name: `${id}${own}`, role: role.output, region: text("aws:region") },
    settings: {
      ...settings,
      // A workload has no policies and no history: what is put over the others means nothing to it.
      config: { ...settings.config, ...(role.output === "workload" ? {} : over), "lockstep:deployment": deployment },
    },
    deployment,
  };
}

/** What is wrong in any stack, all at once and before the engine starts, in the words of the program itself. */
function checkAll(project: ProjectSettings, stacks: readonly StackConfig[]): void {
  const problems = stacks.flatMap(({ record, settings }) => {
    try {
      readProgram(engineConfig(project, settings));
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return [`${stackFile(record.id)}: ${error.message}`];
      throw error;
    }
  });
  if (problems.length > 0) throw new CommandProblem("usage", problems.join("\n"));
}
