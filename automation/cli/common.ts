import yargs, { type Argv } from "yargs";
import type { Command, Common } from "./model.js";

export type Choose = (command: Command) => void;
export type Cli = ReturnType<typeof common>;

/** Environments name stacks and folders. */
export function checkEnv(env: string, what: string): true {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(env)) return true;
  throw new Error(`${what} ${env}: use 1 to 20 lower-case letters, digits and dashes, the first a letter`);
}

/** The options shared by all commands; `argv` only where yargs shall read the line by itself. */
export const common = (argv?: readonly string[]) =>
  yargs(argv)
    .scriptName("lockstep")
    .usage("$0 <command>\n\nBacks up stateful AWS workloads in one region and keeps proven copies in another.")
    .option("json", { type: "boolean", default: false, describe: "print the result as JSON" })
    .option("verbose", { type: "boolean", default: false, describe: "show the whole of an error" })
    .option("env", { type: "string", default: "default", requiresArg: true, describe: "the environment to work on" })
    .check(({ env }) => checkEnv(env, "--env"))
    .version(false)
    .wrap(100)
    .strict()
    .demandCommand(1, "Name a command. `lockstep --help` lists them.");

export const pick = (argv: Common): Common => ({ json: argv.json, verbose: argv.verbose, env: argv.env });

/** For resources whose making was interrupted and that cannot be looked up. */
export const withDecisions = <T>(y: Argv<T>) =>
  y
    .option("adopt", {
      type: "string",
      array: true,
      default: [],
      requiresArg: true,
      describe: "URN=ID: a resource of an interrupted run that exists, and its id",
    })
    .option("forget", {
      type: "string",
      array: true,
      default: [],
      requiresArg: true,
      describe: "URN: a resource of an interrupted run that does not exist",
    });

export const withTarget = <T>(y: Argv<T>) =>
  y
    .option("target", { choices: ["sandbox", "aws"] as const, describe: "where to (remembered)" })
    .option("workload", { type: "boolean", default: false, describe: "also instances worth protecting" });

export const withYes = <T>(y: Argv<T>) =>
  y.option("yes", { type: "boolean", default: false, describe: "do it without asking" });

export const withRemoval = <T>(y: Argv<T>) =>
  withYes(y).option("purge", {
    type: "boolean",
    default: false,
    describe: "test environments only: also delete all recovery points, in every region",
  });
