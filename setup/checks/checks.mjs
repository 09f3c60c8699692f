/** The checks: what a machine can say about the code without running it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../context.mjs";
import { abortOnSignals, run, SetupError } from "../processes/process.mjs";

/** Longest first, so that the two that run at once end together. */
const CHECKS = [
  { name: "types", command: ["node", "setup/typed-checks.mjs"] },
  { name: "boundaries", command: ["depcruise", ".", "--config", ".dependency-cruiser.cjs", "--output-type", "err"] },
  { name: "dead-code", command: ["knip", "--no-progress"] },
  { name: "lint", command: ["biome", "lint", "--error-on-warnings", "."] },
  { name: "format", command: ["biome", "check", "--linter-enabled=false", "."] },
];
const JOBS = 2;

/**
 * Runs the checks, or those named, two at a time.
 * @param {import("../install/ensure.mjs").Ready} ready
 * @param {readonly string[]} names
 * @returns {Promise<import("./tests.mjs").Count>}
 */
export async function runChecks({ env }, names) {
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    throw new SetupError(`no check ${unknown.join(", ")}: there are ${CHECKS.map((check) => check.name).join(", ")}`);
  }
  const queue = CHECKS.filter((check) => names.length === 0 || names.includes(check.name));
  const controller = new AbortController();
  const undo = abortOnSignals(controller);
  const folder = mkdtempSync(join(tmpdir(), "lockstep-checks-"));
  const count = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const isOk = await runCheck(check, { env, log: join(folder, check.name), signal: controller.signal });
      count[isOk ? "passed" : "failed"] += 1;
    }
  };
  try {
    const workers = await Promise.allSettled(Array.from({ length: JOBS }, worker));
    for (const result of workers) if (result.status === "rejected") throw result.reason;
    return count;
  } finally {
    undo();
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {{ name: string, command: string[] }} check
 * @param {{ env: NodeJS.ProcessEnv, log: string, signal: AbortSignal }} options
 */
async function runCheck({ name, command: [program = "", ...args] }, options) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    await run(program, args, { ...options, cwd: ROOT, tail: 200 });
    console.log(`ok    ${name} (${seconds()})`);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(`FAIL  ${name} (${seconds()})\n${error.message}`);
    return false;
  }
}
