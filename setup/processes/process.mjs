/** Running other programs: quietly for set-up and checks, in the foreground for the command itself. */
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { finished } from "node:stream/promises";
import { keep } from "./keeper.mjs";

/** What the user is told: one clear line, no stack trace. */
export class SetupError extends Error {}

/** Set-up was interrupted; `code` is what the process should exit with. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.code = 128 + constants.signals[signal];
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} log everything the program prints goes here; removed when it succeeds
 * @property {AbortSignal} [signal] ends the program and all it started
 * @property {(pid: number) => void} [onSpawn]
 * @property {number} [timeout] milliseconds
 * @property {number} [tail] how many of its last lines a failure tells
 */

/**
 * Runs a program to its end and returns what it printed. It gets a process group of its own, so that an interrupt can
 * end everything it started, and so that a Ctrl-C in the terminal reaches it only through us.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string>}
 */
export async function run(command, args, { cwd, env = process.env, log, signal, onSpawn, timeout, tail = 15 }) {
  signal?.throwIfAborted();
  const file = createWriteStream(log);
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = keep(child);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  if (child.pid !== undefined) onSpawn?.(child.pid);
  const stop = () => endGroup(child);
  signal?.addEventListener("abort", stop);
  const timer = timeout === undefined ? undefined : setTimeout(stop, timeout);
  /** @type {string} */
  const outcome = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killedBy) => resolve(code === 0 ? "" : `ended with ${killedBy ?? `exit code ${code}`}`));
  });
  end();
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  file.end();
  await finished(file);
  signal?.throwIfAborted();
  const printed = readFileSync(log, "utf8");
  if (outcome !== "") {
    const lines = printed.trimEnd().split("\n").slice(-tail).join("\n  ");
    throw new SetupError(`${[command, ...args].join(" ")}: ${outcome}\n  ${lines}\n  (all of it: ${log})`);
  }
  rmSync(log, { force: true });
  return printed;
}

/**
 * Ends a program started with `detached` and everything it started: politely, then after two seconds by force.
 * @param {import("node:child_process").ChildProcess} child
 */
function endGroup(child) {
  const { pid } = child;
  if (pid === undefined) return;
  const send = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  send("SIGTERM");
  const force = setTimeout(() => send("SIGKILL"), 2000);
  child.once("close", () => clearTimeout(force));
}

/**
 * An interrupt during set-up becomes an abort of everything that runs; undo with the returned function.
 * @param {AbortController} controller
 * @returns {() => void}
 */
export function abortOnSignals(controller) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const abort = (/** @type {NodeJS.Signals} */ signal) => controller.abort(new Interrupted(signal));
  for (const signal of signals) process.on(signal, abort);
  return () => {
    for (const signal of signals) process.removeListener(signal, abort);
  };
}

/** One key press arrives from the terminal and from npm within this many milliseconds. */
const SAME_INTERRUPT = 500;

/**
 * @typedef {object} ForegroundOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [cwd]
 * @property {number} [output] descriptor of a file that takes what it prints, instead of the terminal
 * @property {(message: unknown) => void} [onMessage] what the program sends with `process.send`
 * @property {AbortSignal} [deadline] ends the program and all it started
 * @property {number} [sameInterrupt] milliseconds within which a signal that comes again is the same one
 */

/**
 * Hands the terminal to a program and returns its exit code. A terminal sends Ctrl-C to a whole process group, and npm
 * sends it once more: the program runs in a group of its own and gets each interrupt from us, once. The third within
 * one run ends it by force.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ForegroundOptions} options
 * @returns {Promise<number>}
 */
export async function foreground(command, args, options) {
  const { env, cwd, output = "inherit", onMessage, deadline, sameInterrupt = SAME_INTERRUPT } = options;
  /** @type {("inherit" | "ipc" | number)[]} */
  const stdio = ["inherit", output, output];
  if (onMessage) stdio.push("ipc");
  // From before it starts: what comes meanwhile is heard afterwards, and ends neither of the two by itself.
  const { to, undo } = forwardSignals(sameInterrupt);
  const child = spawn(command, args, { env, cwd, stdio, detached: true });
  to(child);
  const end = keep(child);
  if (onMessage) child.on("message", onMessage);
  const stop = () => endGroup(child);
  deadline?.addEventListener("abort", stop);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(code ?? (signal ? 128 + constants.signals[signal] : 1)));
    });
  } finally {
    end();
    undo();
    deadline?.removeEventListener("abort", stop);
  }
}

/**
 * @param {number} sameInterrupt
 * @returns {{ to: (child: import("node:child_process").ChildProcess) => void, undo: () => void }}
 */
function forwardSignals(sameInterrupt) {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  let count = 0;
  /** @type {Map<NodeJS.Signals, number>} */
  const last = new Map();
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    const now = performance.now();
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < sameInterrupt) return;
    last.set(signal, now);
    count += 1;
    if (count < 3) child?.kill(signal);
    else if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const resize = () => void child?.kill("SIGWINCH");
  /** @type {NodeJS.Signals[]} */
  const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of interrupts) process.on(signal, interrupt);
  process.on("SIGWINCH", resize);
  const undo = () => {
    for (const signal of interrupts) process.removeListener(signal, interrupt);
    process.removeListener("SIGWINCH", resize);
  };
  const to = (/** @type {import("node:child_process").ChildProcess} */ started) => {
    child = started;
  };
  return { to, undo };
}
