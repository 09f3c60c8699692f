import { type Command, parse } from "../../automation/cli/cli.js";

/** What a shell command of ours asks for. Throws where it is not understood. */
export function commandOf(...argv: readonly string[]): Command {
  const parsed = parse(argv);
  if (parsed.kind === "command") return parsed.command;
  throw new Error(`${argv.join(" ")} was not understood: ${JSON.stringify(parsed)}`);
}
