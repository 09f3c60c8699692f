/** Mocha's usual report, which also tells the process that started it the count after each test. */
const { reporters, Runner } = require("mocha");

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
    const tell = (/** @type {boolean} */ done) => process.send?.({ ...count, done });
    runner.on(Runner.constants.EVENT_TEST_PASS, () => {
      count.passed += 1;
      tell(false);
    });
    runner.on(Runner.constants.EVENT_TEST_FAIL, () => {
      count.failed += 1;
      tell(false);
    });
    runner.on(Runner.constants.EVENT_RUN_END, () => tell(true));
  }
};
