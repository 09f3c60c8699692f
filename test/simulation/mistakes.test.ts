import { expect } from "chai";
import { simulateEdges } from "./edges/simulate.js";
import { scenarioOf } from "./generate.js";
import { WORLDS } from "./kinds/table.js";
import { EDGE_MISTAKES } from "./mistakes/edges.js";
import { ENDING_MISTAKES } from "./mistakes/endings.js";
import { FSX_MISTAKES } from "./mistakes/fsx.js";
import { PEOPLE_MISTAKES } from "./mistakes/people.js";
import { PLANNER_MISTAKES } from "./mistakes/planner.js";
import { simulatePlanner } from "./planner/simulate.js";
import type { Violation } from "./promises/verdict.js";
import { DAYS, type Depth, explain } from "./report.js";
import { DAY, type Scenario, type TroubleKind } from "./scenario.js";
import { shrink } from "./shrink.js";

/** Seeds after the one that shows a mistake, where the world was changed since. */
const MORE = { planner: 40, edges: 12 };

interface Caught {
  readonly scenario: Scenario;
  readonly violation: Violation;
}

interface Shown {
  readonly seed: number;
  readonly breaks: RegExp;
  readonly only?: readonly TroubleKind[];
  readonly takesIn?: boolean;
  /** @default ebs */
  readonly kind?: string;
}

const IN_PLANNER = [...PLANNER_MISTAKES, ...ENDING_MISTAKES, ...PEOPLE_MISTAKES];

/** Mistakes that come to light within a few seeds, whatever the kind. */
const OF_EVERY_KIND =
  /^(A-X1 D1-X1|C-X1 E-X8|D1-X10|C-F4|the newest waits|all missed slots|what nothing selects any more is|the last point)/;

/** Of other kinds, where the first one shows little. */
const SEEDS: Readonly<Record<string, number>> = { fsx: 2 };

/** The first seed, from the given one on, in which the promise is broken that must be. */
async function caught(
  depth: Depth,
  { seed, breaks, only, takesIn = false, kind = "ebs" }: Shown,
  simulate: (scenario: Scenario) => Promise<readonly Violation[]>,
): Promise<Caught> {
  const others = new Map<string, number>();
  for (let i = 0; i < MORE[depth]; i++) {
    const scenario = scenarioOf(seed + i, { days: DAYS[depth], depth, kind, takesIn, ...(only && { only }) });
    const [violation] = await simulate(scenario);
    if (violation !== undefined && breaks.test(violation.promise)) return { scenario, violation };
    if (violation !== undefined) others.set(violation.promise, seed + i);
  }
  throw new Error(`seeds ${seed} to ${seed + MORE[depth] - 1} show nothing, but: ${JSON.stringify([...others])}`);
}

describe("a planted mistake is caught", function () {
  this.timeout(300_000);

  describe("in the planner", () => {
    for (const mistake of IN_PLANNER) {
      it(mistake.name, async () => {
        const { violation } = await caught(
          "planner",
          mistake,
          async (scenario) => simulatePlanner(scenario, mistake.mind()).violations,
        );
        expect(violation.what).to.not.equal("");
      });
    }
  });

  for (const kind of Object.keys(WORLDS).filter((one) => one !== "ebs")) {
    describe(`in the planner, with the kind ${kind}`, () => {
      for (const { name, breaks, mind } of IN_PLANNER.filter((mistake) => OF_EVERY_KIND.test(mistake.name))) {
        it(name, async () => {
          const { violation } = await caught(
            "planner",
            { seed: SEEDS[kind] ?? 1, breaks, kind },
            async (scenario) => simulatePlanner(scenario, mind()).violations,
          );
          expect(violation.what).to.not.equal("");
        });
      }
    });
  }

  describe("in the planner, where only FSx shows it", () => {
    for (const mistake of FSX_MISTAKES) {
      it(mistake.name, async () => {
        const { violation } = await caught(
          "planner",
          { ...mistake, kind: "fsx" },
          async (scenario) => simulatePlanner(scenario, mistake.mind()).violations,
        );
        expect(violation.what).to.not.equal("");
      });
    }
  });

  describe("in what surrounds it", () => {
    for (const mistake of EDGE_MISTAKES) {
      it(mistake.name, async () => {
        const { violation } = await caught(
          "edges",
          mistake,
          async (scenario) => (await simulateEdges(scenario, mistake.habits)).violations,
        );
        expect(violation.what).to.not.equal("");
      });
    }
  });
});

describe("a broken promise", function () {
  this.timeout(300_000);

  const [mistake] = PLANNER_MISTAKES.filter(({ name }) => name.startsWith("E-F4"));
  if (mistake === undefined) throw new Error("there is no such mistake");
  const simulate = (scenario: Scenario, tell?: Parameters<typeof simulatePlanner>[2]) =>
    simulatePlanner(scenario, mistake.mind(), tell);
  const find = () => caught("planner", mistake, async (scenario) => simulate(scenario).violations);

  it("is told by the shortest story: one resource, and the one trouble that matters", async () => {
    const { scenario, violation } = await find();
    const small = await shrink(scenario, violation, simulate);
    expect(small.scenario.troubles.map(({ kind }) => kind)).to.deep.equal(["keep-forever"]);
    expect(small.scenario.machines).to.have.length(1);
    expect(small.scenario.end - small.scenario.start).to.be.lessThan(scenario.end - scenario.start - DAY);
    expect(small.violation.promise).to.equal(violation.promise);
    const told = await explain(small.scenario, small.violation, simulate);
    expect(told).to.match(/keep-forever: region .*\n(.*\n)*.*deletes snap-.*\n.*BROKEN 1 held/);
  });

  it("is broken again by the same seed, in the same way", async () => {
    const { scenario, violation } = await find();
    const [again] = simulate(scenarioOf(scenario.seed, { days: DAYS.planner, depth: "planner" })).violations;
    expect(again).to.deep.equal(violation);
  });
});
