import { adopting } from "./adopting.js";
import { type Choose, common } from "./common.js";
import { deploying } from "./deploying.js";
import type { Command } from "./model.js";
import { observing } from "./observing.js";
import { real } from "./real.js";
import { local } from "./sandbox.js";

export type { Command } from "./model.js";

export type Parsed =
  | { readonly kind: "command"; readonly command: Command }
  /** Text that was asked for: help, or the script that completes words. */
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string };

/** Reads the command line. Neither prints nor exits. */
export function parse(argv: readonly string[]): Parsed {
  let command: Command | undefined;
  let problem: string | undefined;
  let text = "";
  const choose: Choose = (chosen) => {
    command = chosen;
  };
  const cli = all(choose)
    .fail((message, error) => {
      problem ??= message || error.message;
    })
    .exitProcess(false);
  try {
    void cli.parse([...argv], {}, (_error: unknown, _argv: unknown, output: string) => {
      text = output;
    });
  } catch (error) {
    problem ??= error instanceof Error ? error.message : String(error);
  }
  if (problem !== undefined) return { kind: "usage", message: problem };
  if (command === undefined) return { kind: "help", text };
  return { kind: "command", command };
}

const all = (choose: Choose, argv?: readonly string[]) =>
  local(real(adopting(observing(deploying(common(argv), choose), choose), choose), choose), choose).completion(
    "completion",
    "print a script that lets a shell complete words: bash or zsh, by $SHELL",
  );

/** How the script for completion asks. */
export const COMPLETE = "--get-yargs-completions";

/**
 * Prints the words that can come next, the last of `argv` half typed, and ends the process: yargs does both itself, as it
 * has to read the line a second time for the options of a command.
 */
export const printCompletions = (argv: readonly string[]): void => {
  void all(() => undefined, argv).parse();
};
