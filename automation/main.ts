import { join } from "node:path";
import { inspect } from "node:util";
import { COMPLETE, parse, printCompletions } from "./cli/cli.js";
import { dispatch } from "./cli/dispatch.js";
import { print, unparsed } from "./cli/io.js";
import { type Io, progressFor } from "./cli/progress.js";
import { onSignals } from "./cli/signals.js";
import { realDeps } from "./real.js";

const io: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  tty: process.stdout.isTTY === true && process.stderr.isTTY === true,
};

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === COMPLETE) {
    printCompletions(argv);
    return 0;
  }
  const parsed = parse(argv);
  if (parsed.kind !== "command") return print(unparsed(parsed), argv.includes("--json"), io);
  const { command } = parsed;
  const interruption = onSignals(io);
  try {
    const deps = realDeps(join(__dirname, ".."), progressFor(io, command.json), interruption);
    const { error, ...outcome } = await dispatch(command, deps);
    if (command.verbose && error instanceof Error) io.err(inspect(error));
    return print(outcome, command.json, io);
  } finally {
    interruption.close();
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
