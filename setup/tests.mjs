/** The tests, counted by our reporter (reporter.cjs) while they run: a crash half-way does not lose the count. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typescriptFlags } from "./commands.mjs";
import { ROOT } from "./context.mjs";
import { foreground } from "./process.mjs";

/** @typedef {{ passed: number, failed: number }} Count */

/** Two run at once and take about as long: what is deployed mostly waits, the rest mostly computes. */
export const HALVES = ["test/!(e2e)/**/*.test.ts", "test/e2e/*.test.ts"];
/** How long the test process may take to end after its last test: something left running is a failure. */
const GRACE = 15_000;

/**
 * @param {Count} count
 * @returns {string}
 */
export function summary({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * Runs mocha. Its own command starts a second process because of .mocharc.json's node-option; we start that one.
 * @param {import("./ensure.mjs").Ready} ready
 * @param {readonly string[]} args files, or options of mocha
 * @returns {Promise<Count>}
 */
export async function runTests({ node, env }, args) {
  const cli = join(ROOT, "node_modules", "mocha", "lib", "cli", "cli.js");
  const mocha = [...typescriptFlags(), cli, "--reporter", join(ROOT, "setup", "reporter.cjs")];
  if (args.length === 0) return countBoth(node, mocha, env);
  const hasFiles = args.some((arg) => !arg.startsWith("-"));
  return countTests(node, [...mocha, ...args, ...(hasFiles ? [] : HALVES)], env);
}

/**
 * Runs both halves at once; what the second prints comes when both have ended.
 * @param {string} node @param {readonly string[]} mocha @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Count>}
 */
async function countBoth(node, mocha, env) {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-tests-"));
  const log = join(folder, "log");
  const output = openSync(log, "w");
  const [first = "", second = ""] = HALVES;
  try {
    const counts = await Promise.all([
      countTests(node, [...mocha, first], env),
      countTests(node, [...mocha, second], env, { output }),
    ]);
    return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
  } finally {
    closeSync(output);
    console.log(readFileSync(log, "utf8"));
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a program that reports as reporter.cjs does, and counts: an end that does not fit the report is a failure.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ grace?: number, say?: (line: string) => void, output?: number }} [options] `grace` in milliseconds
 * @returns {Promise<Count>}
 */
export async function countTests(node, args, env, { grace = GRACE, say = console.error, output } = {}) {
  let count = { passed: 0, failed: 0 };
  let isComplete = false;
  const deadline = new AbortController();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const onMessage = (/** @type {unknown} */ message) => {
    const report = /** @type {Count & { done: boolean }} our own reporter wrote it */ (message);
    count = { passed: report.passed, failed: report.failed };
    isComplete = report.done;
    if (report.done) timer = setTimeout(() => deadline.abort(), grace);
  };
  const code = await foreground(node, args, {
    cwd: ROOT,
    env,
    onMessage,
    deadline: deadline.signal,
    ...(output === undefined ? {} : { output }),
  });
  clearTimeout(timer);
  const problem = problemOf(code, count, isComplete, deadline.signal.aborted ? grace : 0);
  if (problem === undefined) return count;
  say(problem);
  return { ...count, failed: count.failed + 1 };
}

/**
 * @param {number} code @param {Count} count @param {boolean} isComplete @param {number} waited
 * @returns {string | undefined}
 */
function problemOf(code, count, isComplete, waited) {
  if (waited > 0) return `The tests left something running: they were ended ${waited / 1000} s after the last one.`;
  if (!isComplete) return `The tests ended with exit code ${code} before the last one was done.`;
  if (count.passed + count.failed === 0) return "There was no test to run.";
  if (code !== 0 && count.failed === 0) return `The tests ended with exit code ${code}, though none failed.`;
  return undefined;
}
