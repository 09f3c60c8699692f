import { expect } from "chai";
import { IS_LONG, SEED } from "../support/chance.js";
import { WORLDS } from "./kinds/table.js";
import { DAYS, type Depth, runSeed } from "./report.js";
import { TROUBLE_KINDS } from "./troubles.js";

/** How many seeds, and how many of them are one test: three years and two weeks in `npm test`, fifty and a year and a half in the long tests. */
const SEEDS: Readonly<Record<Depth, number>> = IS_LONG ? { planner: 100, edges: 40 } : { planner: 6, edges: 1 };
/** Of every kind but EBS, which has the most that can go wrong. */
const SEEDS_OF_OTHERS = IS_LONG ? 40 : 3;
const AT_ONCE: Readonly<Record<Depth, number>> = { planner: 10, edges: 2 };

/** How often each kind of trouble was felt, in all that was simulated here. */
const felt = new Map<string, number>();

/** Simulates some seeds of a depth; the first broken promise fails with its story. */
async function keepsPromises(depth: Depth, first: number, last: number, kind?: string): Promise<number> {
  let checks = 0;
  for (let seed = first; seed <= last; seed++) {
    const { verdict, failure } = await runSeed({ seed: SEED + seed, depth, ...(kind && { kind }) });
    expect(failure, failure).to.equal(undefined);
    checks += verdict.rpoChecks;
    for (const [kind, times] of verdict.felt) felt.set(kind, (felt.get(kind) ?? 0) + times);
  }
  return checks;
}

function years(depth: Depth, checksOfSeed: number): void {
  for (let first = 1; first <= SEEDS[depth]; first += AT_ONCE[depth]) {
    const last = Math.min(first + AT_ONCE[depth] - 1, SEEDS[depth]);
    it(`days ${(first - 1) * DAYS[depth] + 1} to ${last * DAYS[depth]}`, async () => {
      expect(await keepsPromises(depth, first, last)).to.be.greaterThan((last - first + 1) * checksOfSeed);
    });
  }
}

describe("years in a faulty world", function () {
  this.timeout(600_000);

  describe("of the planner keep every promise, and every RPO whenever the world allows it", () =>
    years("planner", 100));

  describe("of the planner with other kinds, whose work takes days or dies without a trace, keep them too", () => {
    for (const kind of Object.keys(WORLDS).filter((one) => one !== "ebs")) {
      it(kind, async () => {
        expect(await keepsPromises("planner", 1, SEEDS_OF_OTHERS, kind)).to.be.greaterThan(SEEDS_OF_OTHERS * 100);
      });
    }
  });

  describe("of the real functions and state machine keep them too, killed between any two calls", () =>
    years("edges", 1));

  // So many that each kind comes. A suite of its own: mocha runs a suite's own tests before the suites in it.
  if (IS_LONG) {
    describe("all together", () => {
      it("had every kind of trouble in them, and each was felt", () => {
        const events = ["lost", "doubled", "late", "reordered"].map((how) => `events ${how}`);
        const kinds = [...TROUBLE_KINDS.filter((kind) => kind !== "events"), ...events, "approve", "take in"];
        expect(kinds.filter((kind) => !felt.has(kind))).to.deep.equal([]);
      });
    });
  }
});
