import { expect } from "chai";
import { DAYS, type Depth, runSeed } from "./report.js";
import { TROUBLE_KINDS } from "./troubles.js";

/** Twenty years of the planner; of the real functions as much as the patience of a test allows. */
const SEEDS: Readonly<Record<Depth, number>> = { planner: 40, edges: 6 };

/** How often each kind of trouble was felt, in all that was simulated here. */
const felt = new Map<string, number>();

/** Simulates the first seeds of a depth; the first broken promise fails with its story. */
async function keepsPromises(depth: Depth): Promise<number> {
  let checks = 0;
  for (let seed = 1; seed <= SEEDS[depth]; seed++) {
    const { verdict, failure } = await runSeed({ seed, depth });
    expect(failure, failure).to.equal(undefined);
    checks += verdict.rpoChecks;
    for (const [kind, times] of verdict.felt) felt.set(kind, (felt.get(kind) ?? 0) + times);
  }
  return checks;
}

describe("years in a faulty world", function () {
  this.timeout(600_000);

  it(`${(SEEDS.planner * DAYS.planner) / 366} of the planner keep every promise, and every RPO whenever the world allows it`, async () => {
    expect(await keepsPromises("planner")).to.be.greaterThan(SEEDS.planner * 100);
  });

  it("of the real functions and state machine keep them too, killed between any two calls", async () => {
    expect(await keepsPromises("edges")).to.be.greaterThan(SEEDS.edges);
  });

  it("had every kind of trouble in them, and each was felt", () => {
    const events = ["lost", "doubled", "late", "reordered"].map((how) => `events ${how}`);
    const kinds = [...TROUBLE_KINDS.filter((kind) => kind !== "events"), ...events, "approve", "take in"];
    expect(kinds.filter((kind) => !felt.has(kind))).to.deep.equal([]);
  });
});
