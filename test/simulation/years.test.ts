import { expect } from "chai";
import { scenarioOf } from "./generate.js";
import { simulatePlanner } from "./planner/simulate.js";

const SEEDS = 40;
const DAYS = 183;

describe("years of the planner in a faulty world", () => {
  it("keep every promise, and every RPO whenever the world allows it", function () {
    this.timeout(300_000);
    let checks = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations, rpoChecks } = simulatePlanner(scenarioOf(seed, { days: DAYS }));
      expect(violations, `seed ${seed}`).to.deep.equal([]);
      checks += rpoChecks;
    }
    expect(checks, "times that an RPO was held against the promise").to.be.greaterThan(SEEDS * 100);
  });
});
