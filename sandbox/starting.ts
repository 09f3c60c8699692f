import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type DaemonMessage, type DaemonOptions, logFile, type SandboxInfo } from "./info.js";

/** Where the sandbox is unless asked otherwise. */
const DEFAULT_PORT = 4566;

export interface SandboxOptions {
  /** Port of the endpoint; 0 takes any free one. */
  readonly port?: number;
  /** Folder of its state; `.lockstep/sandbox` of the project. */
  readonly stateDir?: string;
  /** Python that has the emulator; `LOCKSTEP_PYTHON`. */
  readonly emulatorPython?: string;
  /** Engines use the official provider of AWS, which must be installed, instead of the stand-in. */
  readonly official?: boolean;
}

/** Something the caller can mend; the message says how. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

export const PROJECT = resolve(__dirname, "..");
export const START_DEADLINE_MS = 60_000;

/** What the daemon of these options is started with. */
export function settings(options: SandboxOptions, stateDir: string): Omit<DaemonOptions, "attached"> {
  const python = options.emulatorPython ?? process.env["LOCKSTEP_PYTHON"];
  if (!python) {
    throw new SandboxError(
      "The sandbox's emulator is not set up (LOCKSTEP_PYTHON is missing). Run it through: npm start",
    );
  }
  return { port: options.port ?? DEFAULT_PORT, stateDir, python, official: options.official ?? false };
}

/** Starts the daemon and waits until it serves, or tells who has the folder already. */
export async function start(
  options: DaemonOptions,
): Promise<{ readonly info: SandboxInfo; readonly child: ChildProcess } | { readonly owner: number }> {
  mkdirSync(options.stateDir, { recursive: true });
  const path = logFile(options.stateDir);
  const log = openSync(path, "a");
  const before = statSync(path).size;
  const child = spawn(
    process.execPath,
    ["--import", pathToFileURL(require.resolve("tsx")).href, join(__dirname, "daemon.ts"), JSON.stringify(options)],
    { detached: true, cwd: PROJECT, env: withoutAws(process.env), stdio: ["ignore", log, log, "ipc"] },
  );
  closeSync(log);
  const message = await firstMessage(child);
  if ("ready" in message) return { info: message.ready, child };
  await new Promise<void>((done) =>
    child.exitCode === null && child.signalCode === null ? child.once("exit", () => done()) : done(),
  );
  if ("owner" in message) return message;
  if ("portInUse" in message) {
    throw new SandboxError(
      `Port ${message.portInUse} is in use. End what uses it, or choose another: lockstep sandbox up --port <n>`,
    );
  }
  throw new SandboxError(`The sandbox did not start: ${message.failed}\n${lastLines(path, before)}`);
}

/** The user's settings of AWS, of the environment or of a profile, mean nothing to what calls the sandbox from inside. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !name.startsWith("AWS_"));
  return { ...Object.fromEntries(rest), AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
}

function firstMessage(child: ChildProcess): Promise<DaemonMessage> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      resolve({ failed: `it was not ready after ${START_DEADLINE_MS / 1000} s` });
    }, START_DEADLINE_MS);
    const settle = (message: DaemonMessage) => {
      clearTimeout(timer);
      resolve(message);
    };
    // The daemon sends nothing else (daemon.ts).
    child.once("message", (message) => settle(message as DaemonMessage));
    child.once("exit", (code, signal) => settle({ failed: `it ended with ${signal ?? `code ${code}`}` }));
    child.once("error", (error) => settle({ failed: error.message }));
  });
}

/** The end of what was written into a log since it had `from` bytes. */
export function lastLines(path: string, from = 0): string {
  try {
    return readFileSync(path).subarray(from).toString("utf8").trimEnd().split("\n").slice(-15).join("\n");
  } catch {
    return "";
  }
}
