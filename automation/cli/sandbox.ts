import { type Choose, type Cli, pick } from "./common.js";
import { FAULT_OPTIONS, FAULTS_SAID, faultOptions, faultWish } from "./fault.js";
import { SANDBOX_VERBS } from "./model.js";

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
        .options(FAULT_OPTIONS)
        .check((args) => {
          if (args.verb === "fault") return true;
          const [other] = Object.keys(faultOptions(args));
          if (other !== undefined) throw new Error(`--${other} goes with \`sandbox fault\` only`);
          if (args.on !== undefined) throw new Error(`\`sandbox ${args.verb}\` does not take ${args.on}`);
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
        ...(a.verb === "fault" ? { fault: faultWish(to, on, faultOptions(a)) } : {}),
        ...(replay === undefined ? {} : { replay }),
      }),
  );
