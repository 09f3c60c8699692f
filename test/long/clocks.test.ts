import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import { CLOCK_POLICIES, whatClocksDo } from "../e2e/clocks.js";
import { configOf, Harness } from "../e2e/harness.js";

describe("what clocks do to schedules, end to end", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;
  before(async () => {
    t = await Harness.start();
    const config = configOf(...CLOCK_POLICIES);
    const outcome = await up({ env: "default", target: "sandbox", workload: false, config }, t.deps);
    expect(outcome.ending, outcome.text).to.equal("done");
  });
  after(() => t?.stop());

  whatClocksDo(() => t);
});
