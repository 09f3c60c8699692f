import { type Choose, type Cli, pick } from "./cli-common.js";
import { FAULTS_SAID, type FaultOptions, faultWish } from "./cli-fault.js";
import { SANDBOX_VERBS } from "./cli-model.js";

const FAULT_OPTIONS = ["region", "caller", "percent", "tokens", "refill", "code", "millis", "times", "cause"] as const;

const wished = (args: FaultOptions): FaultOptions =>
  Object.fromEntries(FAULT_OPTIONS.map((option) => [option, args[option]]));

/** The command that runs the local AWS. */
export const local = (cli: Cli, choose: Choose) =>
  cli.command(
    "sandbox <verb> [to] [on]",
    "run a local AWS: up, down, status, reset, env (what a hand-typed `pulumi up` needs), clock (its time), or fault (what goes wrong)",
    (y) =>
      y
        .positional("verb", { choices: SANDBOX_VERBS, demandOption: true })
        .positional("to", {
          type: "string",
          describe: `with clock: +3d, or a time as 2027-01-31T03:00:00Z; with fault: ${FAULTS_SAID}`,
        })
        .positional("on", { type: "string", describe: "with fault: ec2:CopySnapshot, or an event as copySnapshot" })
        .option("port", { type: "number", requiresArg: true, describe: "where it listens (default 4566)" })
        .option("official", { type: "boolean", describe: "use the official provider, which must be installed" })
        .option("replay", { type: "boolean", describe: "with clock: schedules fire for every time they missed" })
        .option("region", { type: "string", requiresArg: true, describe: "with fault: only there" })
        .option("caller", {
          type: "string",
          requiresArg: true,
          describe: "with fault: only calls of this one, or of name*",
        })
        .option("percent", { type: "number", requiresArg: true, describe: "with fault: so many of a hundred calls" })
        .option("tokens", { type: "number", requiresArg: true, describe: "with fault throttle: what a bucket holds" })
        .option("refill", { type: "number", requiresArg: true, describe: "with fault throttle: what it gets a second" })
        .option("code", { type: "string", requiresArg: true, describe: "with fault error: the error's code" })
        .option("millis", { type: "number", requiresArg: true, describe: "with fault slow and late: how late" })
        .option("times", { type: "number", requiresArg: true, describe: "with fault: how often" })
        .option("cause", { type: "string", requiresArg: true, describe: "with fault fail: what is said of it" })
        .check((args) => {
          const [other] = FAULT_OPTIONS.filter((option) => args[option] !== undefined);
          if (args.verb === "fault") faultWish(args.to, args.on, wished(args));
          else if (other !== undefined) throw new Error(`--${other} goes with \`sandbox fault\` only`);
          else if (args.on !== undefined) throw new Error(`\`sandbox ${args.verb}\` does not take ${args.on}`);
          return true;
        })
        .check(({ port, official, replay, to, verb }) => {
          if (official !== undefined && verb !== "up") throw new Error("--official goes with `sandbox up` only");
          if (to !== undefined && verb !== "clock" && verb !== "fault")
            throw new Error(`\`sandbox ${verb}\` does not take ${to}`);
          if (replay && to === undefined)
            throw new Error("--replay goes with a move: lockstep sandbox clock +3d --replay");
          if (port === undefined) return true;
          if (verb !== "up") throw new Error("--port goes with `sandbox up` only");
          if (Number.isInteger(port) && port >= 1 && port <= 65535) return true;
          throw new Error("--port: give a number from 1 to 65535");
        }),
    ({ port, official, replay, to, on, ...a }) =>
      choose({
        ...pick(a),
        name: "sandbox",
        verb: a.verb,
        ...(port === undefined ? {} : { port }),
        ...(official === undefined ? {} : { official }),
        ...(to === undefined || a.verb === "fault" ? {} : { to }),
        ...(a.verb === "fault" ? { fault: faultWish(to, on, wished(a)) } : {}),
        ...(replay === undefined ? {} : { replay }),
      }),
  );
