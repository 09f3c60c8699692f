import { expect } from "chai";
import fc from "fast-check";
import { livingIn } from "../../../core/inventory/lineage.js";
import { formatPending, pendingIn, type RunNumbers, stateOfRun } from "../../../core/report/summary.js";
import { RULES } from "../../../kinds/rules.js";
import { runs } from "../../support/chance.js";
import { anyWorld } from "../arbitrary.js";
import { lineagesIn } from "../oracle.js";
import { DR, HOME, HOUR, plan, point, policy, SLOT, world } from "../worlds.js";

const quiet = {
  region: HOME,
  selected: 1,
  created: 0,
  copied: 0,
  deleted: 0,
  failed: 0,
  later: 0,
  planned: 0,
  troubles: 0,
};
const run = (input: Parameters<typeof world>[0], more: Partial<RunNumbers> = {}): RunNumbers => {
  const seen = world(input);
  return { ...quiet, pending: pendingIn(seen, plan(seen), RULES.ebs), ...more };
};

describe("what a run leaves pending", () => {
  const done = { points: [point({ at: SLOT }), point({ at: SLOT, region: DR })] };

  it("is nothing when the newest point of each resource is there, in every region", () => {
    expect(stateOfRun(run(done))).to.equal("complete");
    expect(formatPending(run(done))).to.deep.equal([]);
  });

  it("is what EBS is at, what is due, and what is not copied", () => {
    expect(formatPending(run({}))).to.deep.equal(["1 point(s) to be made"]);
    expect(formatPending(run({ points: [point({ at: SLOT, parts: { "vol-1": "pending" } })] }))).to.deep.equal([
      "1 backup(s) that AWS is at",
    ]);
    expect(formatPending(run({ points: [point({ at: SLOT })] }))).to.deep.equal(["1 point(s) not copied yet"]);
    // No slot is free, so nothing is planned: pending it is all the same.
    const full = { points: [point({ at: SLOT })], limits: { copySlots: 2, copyReserve: 2 } };
    expect(stateOfRun(run(full))).to.equal("in progress");
    const old = { points: [point({ at: SLOT }), point({ at: SLOT - HOUR, region: DR })] };
    expect(formatPending(run(old))).to.deep.equal(["1 point(s) not copied yet"]);
  });

  it("needs somebody where a region is unknown, a delete waits, anything failed, or the stack only plans", () => {
    expect(stateOfRun(run({ ...done, unknown: { [DR]: "timed out" } }))).to.equal("needs attention");
    const many = Array.from({ length: 8 }, (_, i) => point({ at: SLOT - i * HOUR }));
    expect(stateOfRun(run({ policies: [policy({ copy: [], retain: { count: 1 } })], points: many }))).to.equal(
      "needs attention",
    );
    for (const one of [{ failed: 1 }, { troubles: 1 }, { planned: 1 }]) {
      expect(stateOfRun(run(done, one))).to.equal("needs attention");
    }
    expect(stateOfRun(run(done, { later: 1 }))).to.equal("in progress");
  });

  it("is never nothing in any world where a copy of a newest point is missing or a snapshot is not done", () => {
    fc.assert(
      fc.property(anyWorld, (seen) => {
        const pending = pendingIn(seen, plan(seen), RULES.ebs);
        if (stateOfRun({ ...quiet, pending }) !== "complete") return;
        for (const view of Object.values(seen.regions)) {
          expect(
            view.complete && view.points.every((p) => p.artifacts.every(({ state }) => state !== "pending")),
          ).to.equal(true);
        }
        for (const [newest] of lineagesIn(seen, HOME)) {
          const rule = seen.policies.find(({ name }) => name === newest?.policy);
          if (newest === undefined || !livingIn(seen)?.some(({ id }) => id === newest.resource)) continue;
          for (const { region } of rule?.copy ?? []) {
            const there = lineagesIn(seen, region).flat();
            const same = there.filter((p) => p.policy === newest.policy && p.resource === newest.resource);
            expect(same.some((p) => p.scheduled >= newest.scheduled)).to.equal(true);
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });
});
