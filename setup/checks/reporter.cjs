/** Mocha's usual report, which also tells the process that started it the count after each test, and the times at the end. */
const { reporters, Runner } = require("mocha");

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS } = Runner.constants;

// Mocha would count what it cannot write as one failure more, and write that too.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

module.exports = class extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const count = { passed: 0, failed: 0 };
    /** @type {import("./slowest.mjs").Timing[]} */
    const timings = [];
    const tell = (/** @type {boolean} */ done) => process.send?.({ ...count, done, ...(done ? { timings } : {}) });
    const took = (/** @type {import("mocha").Runnable} */ what) =>
      timings.push({ title: what.fullTitle(), seconds: (what.duration ?? 0) / 1000 });
    runner.on(EVENT_TEST_PASS, (test) => {
      count.passed += 1;
      took(test);
      tell(false);
    });
    runner.on(EVENT_TEST_FAIL, (test) => {
      count.failed += 1;
      took(test);
      tell(false);
    });
    // What suites are prepared by may take longer than their tests.
    runner.on(EVENT_HOOK_END, took);
    runner.on(EVENT_RUN_END, () => tell(true));
  }
};
