import { type Choose, type Cli, pick, withYes } from "./common.js";

/** Commands that look, or ask for recovery points. */
export const observing = (cli: Cli, choose: Choose) =>
  running(cli, choose)
    .command(
      "plan",
      "say what would be done and why, and do nothing",
      (y) => y.option("all", { type: "boolean", default: false, describe: "also what is kept" }),
      (a) => choose({ ...pick(a), name: "plan", all: a.all }),
    )
    .command(
      "approve <run>",
      "let deletes go that were held back",
      (y) => withYes(y.positional("run", { type: "string", demandOption: true, describe: "held-…, or the run's id" })),
      (a) => choose({ ...pick(a), name: "approve", run: a.run, yes: a.yes }),
    )
    .command(
      "explain <point>",
      "say why a recovery point stays or goes",
      (y) =>
        y.positional("point", {
          type: "string",
          demandOption: true,
          describe: "its id, or that of one of its snapshots or backups",
        }),
      (a) => choose({ ...pick(a), name: "explain", point: a.point }),
    )
    .command(
      "status",
      "show each resource's recovery points in each region",
      (y) => y,
      (a) => choose({ ...pick(a), name: "status" }),
    )
    .command(
      "outputs",
      "show what the stacks export",
      (y) => y,
      (a) => choose({ ...pick(a), name: "outputs" }),
    )
    .command(
      "alarm",
      "send a test alarm the way that all alerts and alarms go",
      (y) => y,
      (a) => choose({ ...pick(a), name: "alarm" }),
    )
    .command(
      "doctor",
      "look whether everything is in order, and say what to do where it is not",
      (y) => y.option("target", { choices: ["sandbox", "aws"] as const, describe: "where `up` is to go" }),
      ({ target, ...a }) => choose({ ...pick(a), name: "doctor", ...(target === undefined ? {} : { target }) }),
    );

const running = (cli: Cli, choose: Choose) =>
  cli.command(
    "run",
    "make recovery points now, beside the schedule",
    (y) =>
      y
        .option("policy", { type: "string", requiresArg: true, describe: "only this policy" })
        .option("resource", { type: "string", array: true, default: [], requiresArg: true, describe: "only these" })
        .option("yes", { type: "boolean", default: false, describe: "also approve what waits for approval now" })
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
        yes: a.yes,
        timeoutMs: a.timeout * 1000,
      }),
  );
