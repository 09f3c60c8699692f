/** npm's scripts: sets up what is missing, then does the thing. */
import { runChecks } from "./checks/checks.mjs";
import { LONG_TESTS, runTests, summary } from "./checks/tests.mjs";
import { main, runProgram } from "./commands.mjs";
import { ensure } from "./install/ensure.mjs";

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const COMMANDS = {
  start: async (args) => runProgram(await ensure({ sandbox: true }), "demo/start.ts", args),
  check: async (args) => {
    const { failed } = await runChecks(await ensure({ sandbox: false }), args);
    return failed === 0 ? 0 : 1;
  },
  bench: async (args) => {
    const custodian = args.length === 0 || args.includes("scale");
    return runProgram(await ensure({ sandbox: true, outside: true, custodian }), "bench/main.ts", args);
  },
  docs: async (args) => runProgram(await ensure({ sandbox: false }), "docs/write.ts", args),
  simulate: async (args) => runProgram(await ensure({ sandbox: false }), "test/simulation/cli/main.ts", args),
  test: (args) =>
    counted(async (add) => {
      const ready = await ensure({ sandbox: true, outside: true });
      if (args.length === 0) add(await runChecks(ready, []));
      add(await runTests(ready, args));
    }),
  "test:long": (args) =>
    counted(async (add) => add(await runTests(await ensure({ sandbox: true, outside: true }), args, LONG_TESTS))),
};

/**
 * Checks and tests; the last line on stdout is always their count.
 * @param {(add: (count: import("./checks/tests.mjs").Count) => void) => Promise<void>} work
 */
async function counted(work) {
  const total = { passed: 0, failed: 0 };
  try {
    await work(({ passed, failed }) => {
      total.passed += passed;
      total.failed += failed;
    });
  } catch (error) {
    total.failed += 1;
    throw error;
  } finally {
    console.log(summary(total));
  }
  return total.failed === 0 ? 0 : 1;
}

const [name = "", ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  console.error(`usage: node setup/run.mjs ${Object.keys(COMMANDS).join(" | ")}`);
  process.exitCode = 2;
} else {
  await main(() => command(args));
}
