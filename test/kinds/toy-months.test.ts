import { expect } from "chai";
import fc from "fast-check";
import type { Inventory } from "../../core/model/model.js";
import { afterDeletes, lineagesIn } from "../core/oracle.js";
import { DAY, DR, HOME, HOUR } from "../core/worlds.js";
import { runs } from "../support/chance.js";
import { setUp } from "./toy/two-stacks.js";
import { MAKES_MS } from "./toy/works.js";

/** What goes wrong at each look. */
const trouble = fc.record({
  fate: fc.constantFrom("well", "well", "well", "breaks", "dies"),
  answer: fc.constantFrom("right", "right", "right", "right", "lost", "failed", "later"),
  unreadable: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, HOME, DR),
} as const);
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

/** Two stacks whose luck is as it is at the moment. */
function setUpWith(now: () => Trouble | undefined, byWorkflows: boolean) {
  const luck = {
    byWorkflows,
    fate: () => now()?.fate ?? "well",
    losesAnswer: () => now()?.answer === "lost",
    instead: () => {
      const is = now()?.answer;
      return is === "failed" || is === "later" ? { is, why: { message: "bad luck" } } : undefined;
    },
    unreadable: (region: string) => now()?.unreadable === region,
  };
  return setUp(luck, ["toy:m-1", "toy:m-2"]);
}

type Both = ReturnType<typeof setUp>;

async function runOne({ works, clock }: Both, stack: Both["home"]): Promise<void> {
  const { region } = stack.settings;
  const { own, inventories } = await stack.run();
  for (const seen of inventories) {
    const left = new Set(lineagesIn(afterDeletes(seen, own), region).flatMap((points) => points.map(({ id }) => id)));
    for (const [newest] of lineagesIn(seen, region)) if (newest) expect(left).to.include(newest.id);
  }
  const copying = works.in(region).filter((cast) => cast.source !== undefined);
  const begun = copying.filter((cast) => cast.startedAt > clock.time - MAKES_MS);
  expect(begun.length, "copies at a time").to.be.at.most(1);
  const alive = works.in(region).filter((cast) => cast.fate === "well");
  expect(new Set(alive.map(({ point }) => point)).size, "made twice").to.equal(alive.length);
}

function expectWell(end: Inventory | undefined, now: number): void {
  if (end === undefined) throw new Error("nothing was seen");
  for (const region of [HOME, DR]) {
    const points = lineagesIn(end, region);
    expect(points, region).to.have.length(2);
    for (const [newest] of points) expect(newest?.scheduled, region).to.be.greaterThan(now - 16 * DAY);
  }
}

describe("a kind whose work takes days, for months", () => {
  for (const [how, byWorkflows] of [
    ["by calls", false],
    ["by workflows that make and delete", true],
  ] as const) {
    it(`never deletes the newest point, makes nothing twice, keeps to its one slot, and is well when its luck is: ${how}`, function () {
      this.timeout(120_000);
      return fc.assert(
        fc.asyncProperty(fc.array(trouble, { minLength: 60, maxLength: 60 }), async (troubles) => {
          let now: Trouble | undefined;
          const both = setUpWith(() => now, byWorkflows);
          const calm = Array.from({ length: 40 }, () => undefined);
          for (const one of [...troubles, ...calm]) {
            now = one;
            both.later(12 * HOUR);
            for (const stack of [both.home, both.dr]) await runOne(both, stack);
          }
          expectWell((await both.home.look()).inventories[0], both.clock.time);
        }),
        { numRuns: runs(6) },
      );
    });
  }
});
