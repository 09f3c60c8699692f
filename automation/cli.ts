import yargs from "yargs";

/** Options that every command takes. */
export interface Common {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly env: string;
}

export type Target = "sandbox" | "aws";

/** What was asked for, with every option checked. */
export type Command = Common &
  (
    | { readonly name: "up"; readonly target?: Target; readonly workload: boolean }
    | { readonly name: "down"; readonly yes: boolean }
    | { readonly name: "outputs" }
    | {
        readonly name: "run";
        readonly policy?: string;
        readonly resources: readonly string[];
        readonly wait: boolean;
        readonly timeoutMs: number;
      }
    | { readonly name: "plan"; readonly all: boolean }
    | { readonly name: "status" }
    | { readonly name: "sandbox"; readonly verb: SandboxVerb; readonly port?: number }
  );

const SANDBOX_VERBS = ["up", "down", "status", "reset", "env"] as const;
export type SandboxVerb = (typeof SANDBOX_VERBS)[number];

export type Parsed =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string };

/** Reads the command line. Neither prints nor exits. */
export function parse(argv: readonly string[]): Parsed {
  let command: Command | undefined;
  let problem: string | undefined;
  let text = "";
  const cli = commands(common(), (chosen) => {
    command = chosen;
  })
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

/** The options shared by all commands. */
const common = () =>
  yargs()
    .scriptName("lockstep")
    .usage("$0 <command>\n\nBacks up stateful AWS workloads in one region and keeps proven copies in another.")
    .option("json", { type: "boolean", default: false, describe: "print the result as JSON" })
    .option("verbose", { type: "boolean", default: false, describe: "show the whole of an error" })
    .option("env", { type: "string", default: "default", requiresArg: true, describe: "the environment to work on" })
    .check((argv) => {
      if (/^[a-z][a-z0-9-]{0,19}$/.test(argv.env)) return true;
      throw new Error(`--env ${argv.env}: use 1 to 20 lower-case letters, digits and dashes, the first a letter`);
    })
    .version(false)
    .strict()
    .demandCommand(1, "Name a command. `lockstep --help` lists them.");

type Cli = ReturnType<typeof common>;
type Choose = (command: Command) => void;

const pick = (argv: Common): Common => ({ json: argv.json, verbose: argv.verbose, env: argv.env });

const commands = (cli: Cli, choose: Choose) =>
  observing(deploying(cli, choose), choose).command(
    "sandbox <verb>",
    "run a local AWS: up, down, status, reset, or env (what a hand-typed `pulumi up` needs)",
    (y) =>
      y
        .positional("verb", { choices: SANDBOX_VERBS, demandOption: true })
        .option("port", { type: "number", requiresArg: true, describe: "where it listens (default 4566)" })
        .check(({ port, verb }) => {
          if (port === undefined) return true;
          if (verb !== "up") throw new Error("--port goes with `sandbox up` only");
          if (Number.isInteger(port) && port >= 1 && port <= 65535) return true;
          throw new Error("--port: give a number from 1 to 65535");
        }),
    (a) => choose({ ...pick(a), name: "sandbox", verb: a.verb, ...(a.port === undefined ? {} : { port: a.port }) }),
  );

const deploying = (cli: Cli, choose: Choose) =>
  cli
    .command(
      "up",
      "deploy the stacks of both regions",
      (y) =>
        y
          .option("target", { choices: ["sandbox", "aws"] as const, describe: "where to (remembered)" })
          .option("workload", { type: "boolean", default: false, describe: "also instances worth protecting" }),
      (a) =>
        choose({
          ...pick(a),
          name: "up",
          workload: a.workload,
          ...(a.target === undefined ? {} : { target: a.target }),
        }),
    )
    .command(
      "down",
      "remove the stacks; recovery points stay",
      (y) => y.option("yes", { type: "boolean", default: false, describe: "do it; needed on AWS" }),
      (a) => choose({ ...pick(a), name: "down", yes: a.yes }),
    )
    .command(
      "outputs",
      "show what the stacks export",
      (y) => y,
      (a) => choose({ ...pick(a), name: "outputs" }),
    );

const observing = (cli: Cli, choose: Choose) =>
  cli
    .command(
      "run",
      "make recovery points now, beside the schedule",
      (y) =>
        y
          .option("policy", { type: "string", requiresArg: true, describe: "only this policy" })
          .option("resource", { type: "string", array: true, default: [], requiresArg: true, describe: "only these" })
          .option("wait", { type: "boolean", default: false, describe: "until they are complete in all their regions" })
          .option("timeout", { type: "number", default: 900, requiresArg: true, describe: "seconds to wait" })
          .check(({ timeout }) => {
            if (timeout > 0) return true;
            throw new Error("--timeout: give a number of seconds above 0");
          }),
      (a) =>
        choose({
          ...pick(a),
          name: "run",
          ...(a.policy === undefined ? {} : { policy: a.policy }),
          resources: a.resource,
          wait: a.wait,
          timeoutMs: a.timeout * 1000,
        }),
    )
    .command(
      "plan",
      "say what would be done and why, and do nothing",
      (y) => y.option("all", { type: "boolean", default: false, describe: "also what is kept" }),
      (a) => choose({ ...pick(a), name: "plan", all: a.all }),
    )
    .command(
      "status",
      "show each resource's recovery points in each region",
      (y) => y,
      (a) => choose({ ...pick(a), name: "status" }),
    );
