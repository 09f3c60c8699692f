import { join } from "node:path";
import { CommandProblem, EXIT_CODE, messageOf, outcomeOf } from "../automation/cli/outcome.js";
import { type Io, progressFor } from "../automation/cli/progress.js";
import { onSignals, uninterrupted } from "../automation/cli/signals.js";
import { readEnv, removeEnv } from "../automation/deploy/envs.js";
import type { Deps } from "../automation/estate/deps.js";
import { realDeps } from "../automation/real.js";
import { adminOf } from "./admin.js";
import { cleanUp, journey } from "./journey.js";
import { report } from "./report.js";
import { forgetStart, noteStart, startLeftBehind } from "./start-note.js";

const USAGE = "usage: npm start -- [--keep]   (--keep leaves the sandbox and the stacks up)";

const io: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  tty: process.stdout.isTTY === true && process.stderr.isTTY === true,
};

/** The main job: everything, once, in the sandbox, with proof. */
async function main(args: readonly string[]): Promise<number> {
  const other = args.find((arg) => arg !== "--keep");
  if (other !== undefined) {
    io.err(USAGE);
    return other === "--help" ? 0 : EXIT_CODE.usage;
  }
  const keep = args.includes("--keep");
  const interruption = onSignals(io);
  const deps = realDeps(join(__dirname, ".."), progressFor(io, false), interruption);
  try {
    return await inSandbox(deps, keep);
  } catch (error) {
    const outcome = outcomeOf(error);
    io.err(outcome.text);
    return EXIT_CODE[outcome.ending];
  } finally {
    interruption.close();
  }
}

async function inSandbox(deps: Deps, keep: boolean): Promise<number> {
  const began = deps.now();
  const [{ isOurs, text }] = await Promise.all([readySandbox(deps), loaded()]);
  io.err(text);
  const env = await freeEnv(deps);
  let good = false;
  try {
    const endpoint = (await deps.sandbox.variables())?.["AWS_ENDPOINT_URL"];
    if (endpoint === undefined) throw new CommandProblem("failed", "The sandbox ended by itself: see its log.");
    const result = await journey(env, deps, adminOf(endpoint));
    io.out(report(result, Math.round((deps.now() - began) / 1000)));
    good = result.problems.length === 0;
  } finally {
    if (keep) {
      await forgetStart(deps.places);
      io.out("Everything is left up. `npm run lockstep -- status` shows it; `npm run lockstep -- down` removes it.");
    } else await removeAll(env, isOurs, deps);
  }
  return good ? 0 : 1;
}

/** What is needed next takes a while to load, as the sandbox takes to start. */
const loaded = () =>
  Promise.all([
    import("../automation/deploy/config.js"),
    import("../automation/deploy/engine.js"),
    import("../automation/estate/estate.js"),
  ]);

/** Starts the sandbox or finds the one that is up. One that a killed start has left is ours too. */
async function readySandbox(deps: Deps): Promise<{ isOurs: boolean; text: string }> {
  const left = await startLeftBehind(deps.places);
  const wasUp = (await deps.sandbox.variables()) !== undefined;
  const { text } = await deps.sandbox.command("up");
  if (wasUp && !left)
    return { isOurs: false, text: `${text} It is used, and stays up; its clock moves three days ahead.` };
  await noteStart(deps.places);
  if (!left) return { isOurs: true, text };
  if (wasUp)
    return { isOurs: true, text: `${text} An earlier start was killed and left it; this one goes on with it.` };
  // The emulator was killed too, and has forgotten what the engine's state says is there.
  await deps.sandbox.command("reset");
  return { isOurs: true, text: `${text} An earlier start was killed, so everything begins afresh.` };
}

/** The default environment, unless that one is on AWS. */
async function freeEnv(deps: Deps): Promise<string> {
  const before = await readEnv(deps.places, "default");
  return before?.target === "aws" ? "start" : "default";
}

/** Also after an interruption: so these steps hear of no interruption themselves. */
async function removeAll(env: string, isOurs: boolean, deps: Deps): Promise<void> {
  try {
    await cleanUp(env, { ...deps, interruption: uninterrupted() });
  } catch (error) {
    process.exitCode = EXIT_CODE.failed;
    io.err(`Could not clean up: ${messageOf(error)}`);
    // Nobody else uses it: better empty than half full at the next start.
    if (isOurs) {
      io.err((await deps.sandbox.command("reset")).text);
      await removeEnv(deps.places, env);
    }
  }
  if (isOurs) io.err((await deps.sandbox.command("down")).text);
  await forgetStart(deps.places);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = process.exitCode || code;
});
