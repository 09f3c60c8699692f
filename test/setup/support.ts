import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context } from "../../setup/context.mjs";
import { startOf } from "../../setup/processes/lock.mjs";

/** The checkout. */
export const ROOT = join(__dirname, "..", "..");

/** Folders that are gone when the test file is done. */
export function folders(): () => string {
  const made: string[] = [];
  after(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "lockstep-test-setup-"));
    made.push(folder);
    return folder;
  };
}

/** Writes files, with their folders. */
export function plant(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** What set-up is given, on a machine that has no programs and no network. */
export function bareContext(cache: string, env: NodeJS.ProcessEnv = {}): Context {
  const signal = new AbortController().signal;
  return { root: ROOT, cache, env: { PATH: "", ...env }, signal, say: () => undefined, canReach: async () => false };
}

export interface Script {
  readonly pid: number;
  /** Resolves when the script has printed the text, to all that it has printed. */
  printed(text: string): Promise<string>;
  send(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Waits for a condition, ten seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ten seconds: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What has ended and waits for its parent to ask is not running. */
export const isRunning = (pid: number): boolean => startOf(pid) !== undefined;

/** Runs an ES module in a process of its own, with the set-up's modules at `SETUP`. */
export function script(source: string, ...args: readonly string[]): Script {
  const preamble = `const SETUP = ${JSON.stringify(`${ROOT}/setup`)};\n`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", preamble + source, ...args]);
  let output = "";
  let check = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output += data.toString();
      check();
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
  return {
    pid: child.pid ?? -1,
    send: (signal) => void child.kill(signal),
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        check = () => {
          if (output.includes(text)) resolve(output);
        };
        check();
        child.once("close", () => reject(new Error(`ended without printing ${text}: ${output}`)));
      }),
  };
}
