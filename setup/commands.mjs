/** Starting our TypeScript, and what a command does when it cannot go on. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./context.mjs";
import { endWithNpm } from "./processes/keeper.mjs";
import { foreground, Interrupted, SetupError } from "./processes/process.mjs";

/** Node's flags that make it understand TypeScript, wherever it is started. */
export function typescriptFlags() {
  const loader = createRequire(join(ROOT, "package.json")).resolve("tsx");
  return ["--import", pathToFileURL(loader).href];
}

/**
 * Runs one of our TypeScript programs in the foreground.
 * @param {import("./install/ensure.mjs").Ready} ready
 * @param {string} file relative to the checkout
 * @param {readonly string[]} args
 */
export function runProgram({ node, env }, file, args) {
  return foreground(node, [...typescriptFlags(), join(ROOT, file), ...args], { env });
}

/**
 * Runs a command and ends the process with its exit code. A set-up that failed is told in plain words.
 * @param {() => Promise<number>} command
 * @returns {Promise<void>}
 */
export async function main(command) {
  endWithNpm();
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.code : 1;
    if (error instanceof Interrupted || error instanceof SetupError)
      console.error(error.message.replace(/^(?! )/gm, "setup: "));
    else console.error(error);
  }
}
