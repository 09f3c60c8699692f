/** The tests, counted by our reporter (reporter.cjs) while they run: a crash half-way does not lose the count. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { typescriptFlags } from "../commands.mjs";
import { ROOT } from "../context.mjs";
import { foreground, SetupError } from "../processes/process.mjs";
import { slowest } from "./slowest.mjs";

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {Count & { done: boolean, timings?: import("./slowest.mjs").Timing[] }} Report */

/**
 * @typedef {object} Plan
 * @property {readonly (readonly string[])[]} halves files of two runs at once that take about as long
 * @property {readonly string[]} flags
 * @property {NodeJS.ProcessEnv} env
 */

/** What is deployed mostly waits, the rest mostly computes. @type {Plan} */
export const TESTS = { halves: [["test/!(e2e|long)/**/*.test.ts"], ["test/e2e/*.test.ts"]], flags: [], env: {} };
/** What is left to chance, deeper than there (test/support/chance.ts), and what takes long. @type {Plan} */
export const LONG_TESTS = {
  halves: [
    ["test/simulation/*.test.ts"],
    [
      "test/{core,kinds,functions,long}/**/*.test.ts",
      "test/sandbox/{provider/awsx-layout,clock/move,iam/evaluate,scheduler/year}.test.ts",
      "test/demo/journey-days.test.ts",
    ],
  ],
  flags: ["--timeout", "1200000"],
  env: { LOCKSTEP_LONG: "1" },
};
/** The options of mocha that make sense here. */
const OPTIONS = /** @type {const} */ ({
  bail: { type: "boolean", short: "b" },
  fgrep: { type: "string", short: "f" },
  grep: { type: "string", short: "g" },
  invert: { type: "boolean", short: "i" },
  timeout: { type: "string", short: "t" },
});
/** How long the test process may take to end after its last test: something left running is a failure. */
const GRACE = 60_000;

/**
 * @param {Count} count
 * @returns {string}
 */
export function summary({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * Runs mocha. Its own command starts a second process because of .mocharc.json's node-option; we start that one.
 * @param {import("../install/ensure.mjs").Ready} ready
 * @param {readonly string[]} args files, or options of mocha
 * @param {Plan} [plan]
 * @returns {Promise<Count>}
 */
export async function runTests({ node, env }, args, plan = TESTS) {
  const cli = join(ROOT, "node_modules", "mocha", "lib", "cli", "cli.js");
  const reporter = join(ROOT, "setup", "checks", "reporter.cjs");
  const { flags, files } = readArgs(args);
  const mocha = [...typescriptFlags(), cli, "--reporter", reporter, ...plan.flags, ...flags];
  const parts = args.length === 0 ? plan.halves : [files.length === 0 ? plan.halves.flat() : files];
  /** @type {import("./slowest.mjs").Timing[]} */
  const timings = [];
  const commands = parts.map((part) => [...mocha, ...part]);
  const count = await countAll(node, commands, { env: { ...env, ...plan.env }, timings });
  if (timings.length > 0) console.log(slowest(timings));
  return count;
}

/**
 * @param {readonly string[]} args
 * @returns {{ flags: string[], files: string[] }}
 */
export function readArgs(args) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const flags = Object.entries(values).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, value],
    );
    return { flags: flags.map(String), files: positionals };
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs all at once; what the others than the first print comes when all have ended.
 * @param {string} node @param {readonly (readonly string[])[]} commands
 * @param {{ env: NodeJS.ProcessEnv, timings: import("./slowest.mjs").Timing[] }} options
 * @returns {Promise<Count>}
 */
async function countAll(node, [first = [], ...others], { env, timings }) {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-tests-"));
  const logs = others.map((_, i) => join(folder, `${i}`));
  const outputs = logs.map((log) => openSync(log, "w"));
  try {
    const counts = await Promise.all([
      countTests(node, first, env, { timings }),
      ...outputs.map((output, i) => countTests(node, others[i] ?? [], env, { timings, output })),
    ]);
    return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
  } finally {
    for (const output of outputs) closeSync(output);
    for (const log of logs) console.log(readFileSync(log, "utf8"));
    rmSync(folder, { recursive: true });
  }
}

/**
 * @typedef {object} CountOptions
 * @property {number} [grace] in milliseconds
 * @property {(line: string) => void} [say]
 * @property {number} [output] descriptor of a file that takes what it prints
 * @property {import("./slowest.mjs").Timing[]} [timings] to which those of the report are added
 */

/**
 * Runs a program that reports as reporter.cjs does, and counts: an end that does not fit the report is a failure.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {CountOptions} [options]
 * @returns {Promise<Count>}
 */
export async function countTests(node, args, env, { grace = GRACE, say = console.error, output, timings } = {}) {
  let count = { passed: 0, failed: 0 };
  let isComplete = false;
  const deadline = new AbortController();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const onMessage = (/** @type {unknown} */ message) => {
    const report = /** @type {Report} our own reporter wrote it */ (message);
    count = { passed: report.passed, failed: report.failed };
    isComplete = report.done;
    timings?.push(...(report.timings ?? []));
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
