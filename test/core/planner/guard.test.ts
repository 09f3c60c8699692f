import { expect } from "chai";
import fc from "fast-check";
import { recordedAt } from "../../../core/config/recorded.js";
import type { Action, Approval, Inventory, PendingApproval, Point, Policy } from "../../../core/model/model.js";
import { APPROVAL_LIFE_MS, approvalId, GUARD_FLOOR } from "../../../core/planner/guard.js";
import { runs } from "../../support/chance.js";
import { anyWorld } from "../arbitrary.js";
import { afterDeletes, allPoints, lineagesIn } from "../oracle.js";
import { DAY, DR, HOME, HOUR, instance, NOW, only, plan, point, policy, SLOT, world } from "../worlds.js";

const alone = (retain: Policy["retain"]) => policy({ copy: [], retain });
/** Hourly points, the newest first, as the policy made them. */
const made = (count: number, by: Policy, over: Partial<Parameters<typeof point>[0]> = {}): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    ...point({ at: SLOT - i * HOUR, ...over }),
    recorded: recordedAt(by, over.region ?? HOME, HOME),
  }));
const yes = (holds: readonly PendingApproval[], over: Partial<Approval> = {}): Approval => ({
  region: HOME,
  artifacts: holds.flatMap(({ artifacts: snapshots }) => snapshots),
  until: NOW + APPROVAL_LIFE_MS,
  ...over,
});
const counts = (actions: readonly Action[]) => ({
  deletes: only(actions, "delete").length,
  holds: only(actions, "pending-approval").length,
});
const waiting = (actions: readonly Action[]) =>
  only(actions, "alert").filter(({ cause }) => cause === "approval-needed");

describe("guard rails of the planner", () => {
  const thirty = made(30, alone({ count: 30 }));
  const lowered = { policies: [alone({ count: 3 })], points: thirty };

  it("a count that is lowered from 30 to 3 waits for approval, is told of once, and says how to approve it", () => {
    const actions = plan(world(lowered));
    expect(counts(actions)).to.deep.equal({ deletes: 0, holds: 27 });
    const [hold] = only(actions, "pending-approval");
    const id = hold?.approval ?? "";
    expect(id).to.match(/^held-[0-9a-f]{12}$/);
    expect(hold?.reason).to.equal(
      `past count 3; waits for approval: 27 of 30 points, more than half, would go at once (lockstep approve ${id})`,
    );
    const told = waiting(actions);
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ region: HOME, policy: "", resource: "" });
    expect(told[0]?.reason).to.contain("i-1 by hourly: 27 of 30 points").and.to.contain(`lockstep approve ${id}`);
  });

  it("what daily expiry, or an outage, lets go by the rule of before never waits", () => {
    const two = alone({ count: 1 });
    expect(counts(plan(world({ policies: [two], points: made(2, two) })))).to.deep.equal({ deletes: 1, holds: 0 });
    // A DR region was away for two days: everything expires at once when it is back.
    const late = policy({ retain: { count: 2 } });
    const points = [...made(50, late), ...made(1, late, { region: DR })];
    expect(counts(plan(world({ policies: [late], points })))).to.deep.equal({ deletes: 48, holds: 0 });
    // Points that tell no rule, as older versions made them.
    const untold = [0, 1].map((h) => point({ at: SLOT - h * HOUR }));
    expect(counts(plan(world({ policies: [two], points: untold })))).to.deep.equal({ deletes: 1, holds: 0 });
  });

  it("half of the points, or less than three of them, go; one more waits", () => {
    const of = (from: number, to: number) =>
      counts(plan(world({ policies: [alone({ count: to })], points: made(from, alone({ count: from })) })));
    expect(of(10, 5)).to.deep.equal({ deletes: 5, holds: 0 });
    expect(of(10, 4)).to.deep.equal({ deletes: 0, holds: 6 });
    expect(of(GUARD_FLOOR, 1)).to.deep.equal({ deletes: 2, holds: 0 });
    expect(of(GUARD_FLOOR + 1, 1)).to.deep.equal({ deletes: 0, holds: 3 });
  });

  it("until the approval the rule of before goes on", () => {
    const next = { ...point({ at: SLOT + HOUR }), recorded: recordedAt(alone({ count: 3 }), HOME, HOME) };
    const actions = plan(world({ ...lowered, now: NOW + HOUR, points: [next, ...thirty] }));
    expect(only(actions, "delete").map((action) => action.point)).to.deep.equal([thirty.at(-1)?.id]);
    expect(only(actions, "pending-approval")).to.have.length(27);
  });

  it("creates and copies go on meanwhile, and so does what failed or is double", () => {
    const failed = point({ at: SLOT - HOUR / 2, parts: { "vol-1": "error" } });
    const both = policy({ retain: { count: 3 }, copy: [{ region: DR, retain: { count: 3 } }] });
    const old = policy({ retain: { count: 30 } });
    const sources = made(30, old).map((p) => ({ ...p, scheduled: p.scheduled - HOUR }));
    const shifted = sources.map((p) => ({ ...point({ at: p.scheduled }), recorded: recordedAt(old, HOME, HOME) }));
    const copies = shifted.slice(1, 2).map((p) => point({ at: p.scheduled, region: DR }));
    const seen = world({ policies: [both], points: [...shifted, failed, ...copies] });
    const actions = plan(seen);
    expect(only(actions, "create")).to.have.length(1);
    expect(only(actions, "copy")).to.have.length(1);
    expect(only(actions, "pending-approval")).to.have.length(27);
    expect(only(actions, "delete")).to.deep.equal([]);
    const newer = [...made(1, both), ...shifted.slice(0, 29), failed];
    expect(
      only(plan(world({ policies: [alone({ count: 3 })], points: newer })), "delete").map((d) => d.point),
    ).to.deep.equal([failed.id]);
  });

  it("more than so many points in all wait, of however many resources", () => {
    const resources = [1, 2, 3, 4].map((n) => instance(`i-${n}`));
    const points = resources.flatMap(({ id }) => made(10, alone({ count: 10 }), { resource: id }));
    const seen = { policies: [alone({ count: 8 })], resources, points };
    expect(counts(plan(world({ ...seen, approveAbove: 8 })))).to.deep.equal({ deletes: 8, holds: 0 });
    const actions = plan(world({ ...seen, approveAbove: 7 }));
    expect(counts(actions)).to.deep.equal({ deletes: 0, holds: 8 });
    expect(waiting(actions)[0]?.reason).to.contain("8 points in all, more than 7");
    expect(new Set(only(actions, "pending-approval").map(({ approval }) => approval)).size).to.equal(1);
  });

  it("one resource that waits keeps no other waiting", () => {
    const resources = [instance("i-1"), instance("i-2")];
    const points = [...thirty, ...made(4, alone({ count: 3 }), { resource: "i-2" })];
    const actions = plan(world({ ...lowered, resources, points }));
    expect(only(actions, "delete").map(({ resource }) => resource)).to.deep.equal(["i-2"]);
    expect(only(actions, "pending-approval").every(({ resource }) => resource === "i-1")).to.equal(true);
  });

  it("an approval is for just what was shown, in its region, and for a day", () => {
    const holds = only(plan(world(lowered)), "pending-approval");
    const withApproval = (approval: Approval, points: readonly Point[] = thirty) =>
      counts(plan(world({ ...lowered, points, memory: { announced: [], approved: [approval] } })));
    expect(withApproval(yes(holds))).to.deep.equal({ deletes: 27, holds: 0 });
    expect(withApproval(yes(holds, { region: DR }))).to.deep.equal({ deletes: 0, holds: 27 });
    expect(withApproval(yes(holds, { until: NOW }))).to.deep.equal({ deletes: 0, holds: 27 });
    // Ten older ones that nobody was shown: they are held, what was shown goes.
    const more = [...thirty, ...made(40, alone({ count: 40 })).slice(30)];
    expect(withApproval(yes(holds), more)).to.deep.equal({ deletes: 27, holds: 10 });
    // A name is of all that it names, in whatever order.
    const ids = holds.flatMap(({ artifacts: snapshots }) => snapshots);
    expect(approvalId(HOME, HOME, ids.toReversed())).to.equal(holds[0]?.approval);
    expect(approvalId(HOME, HOME, ids.slice(1))).to.not.equal(holds[0]?.approval);
  });

  it("each region has its own rule, its own guard and its own name", () => {
    const before = policy({ retain: { count: 30 }, copy: [{ region: DR, retain: { count: 30 } }] });
    const after = policy({ retain: { count: 30 }, copy: [{ region: DR, retain: { count: 3 } }] });
    const points = [...made(30, before), ...made(30, before, { region: DR })];
    const actions = plan(world({ policies: [after], points }));
    expect(only(actions, "pending-approval").map(({ region }) => region)).to.deep.equal(Array(27).fill(DR));
    expect(waiting(actions).map(({ region }) => region)).to.deep.equal([DR]);
  });

  it("the announced end of what nobody protects any more is no surprise", () => {
    const points = made(30, alone({ count: 30 }), { resource: "i-gone" });
    const seen = { policies: [alone({ count: 30 })], points, now: NOW + 120 * DAY };
    expect(counts(plan(world({ ...seen, resources: [] })))).to.deep.equal({ deletes: 29, holds: 0 });
  });

  describe("in any world", () => {
    const run = (check: (seen: Inventory, actions: readonly Action[]) => void): void =>
      fc.assert(
        fc.property(anyWorld, fc.nat({ max: 6 }), (drawn, approveAbove) => {
          const seen = { ...drawn, approveAbove };
          check(seen, plan(seen));
        }),
        { numRuns: runs(300) },
      );

    it("no plan deletes more points that tell no rule than the stack allows", () => {
      let tripped = 0;
      run((seen, actions) => {
        const left = new Set(allPoints(afterDeletes(seen, actions)).map((p) => `${p.region} ${p.id}`));
        for (const region of Object.keys(seen.regions)) {
          const untold = lineagesIn(seen, region)
            .flat()
            .filter((p) => p.recorded === undefined && !left.has(`${region} ${p.id}`));
          expect(untold.length, region).to.be.at.most(seen.approveAbove ?? 0);
        }
        tripped += only(actions, "pending-approval").length;
      });
      expect(tripped).to.be.greaterThan(0);
    });

    it("what waits is what would be deleted without the guard, and goes when it is approved", () => {
      run((seen, actions) => {
        const holds = only(actions, "pending-approval");
        const approved = holds.map(({ region, artifacts }) => ({ region, artifacts, until: seen.now + 1 }));
        const after = plan({ ...seen, memory: { announced: seen.memory?.announced ?? [], approved } });
        expect(only(after, "pending-approval")).to.deep.equal([]);
        const all = [...only(actions, "delete"), ...holds].map((a) => `${a.region} ${a.artifacts.join()}`);
        expect(only(after, "delete").map((a) => `${a.region} ${a.artifacts.join()}`)).to.have.members(all);
        for (const verb of ["create", "copy", "finalize", "keep"] as const)
          expect(only(after, verb)).to.deep.equal(only(actions, verb));
      });
    });

    it("each region that waits has one alert and one name", () => {
      run((_, actions) => {
        const holds = only(actions, "pending-approval");
        const regions = [...new Set(holds.map(({ region }) => region))].toSorted();
        expect(waiting(actions).map(({ region }) => region)).to.deep.equal(regions);
        expect(new Set(holds.map(({ approval }) => approval)).size).to.equal(regions.length);
      });
    });
  });
});
