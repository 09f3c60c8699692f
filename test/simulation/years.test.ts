import { expect } from "chai";
import { simulateEdges } from "./edges/simulate.js";
import { scenarioOf } from "./generate.js";
import { simulatePlanner } from "./planner/simulate.js";

const PLANNER = { seeds: 40, days: 183 };
const EDGES = { seeds: 6, days: 14 };

describe("years in a faulty world", () => {
  it("of the planner keep every promise, and every RPO whenever the world allows it", function () {
    this.timeout(300_000);
    let checks = 0;
    for (let seed = 1; seed <= PLANNER.seeds; seed++) {
      const { violations, rpoChecks } = simulatePlanner(scenarioOf(seed, { days: PLANNER.days, depth: "planner" }));
      expect(violations, `seed ${seed}`).to.deep.equal([]);
      checks += rpoChecks;
    }
    expect(checks, "times that an RPO was held against the promise").to.be.greaterThan(PLANNER.seeds * 100);
  });

  it("of the real functions and state machine keep them too, killed between any two calls", async function () {
    this.timeout(300_000);
    let checks = 0;
    for (let seed = 1; seed <= EDGES.seeds; seed++) {
      const { violations, rpoChecks } = await simulateEdges(scenarioOf(seed, { days: EDGES.days, depth: "edges" }));
      expect(violations, `seed ${seed}`).to.deep.equal([]);
      checks += rpoChecks;
    }
    expect(checks, "times that an RPO was held against the promise").to.be.greaterThan(EDGES.seeds);
  });
});
