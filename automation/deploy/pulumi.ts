import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

let command: Promise<PulumiCommand> | undefined;

/** The engine's program, asked for its version once per process. */
export function pulumi(): Promise<PulumiCommand> {
  command ??= PulumiCommand.get();
  return command;
}
