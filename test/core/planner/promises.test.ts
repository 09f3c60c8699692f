import { expect } from "chai";
import fc from "fast-check";
import type { Action, Inventory } from "../../../core/model/model.js";
import { pointId } from "../../../core/names/identity.js";
import { REQUEST_AHEAD_MS } from "../../../core/planner/creates.js";
import { planAll } from "../../../core/planner/planner.js";
import { artifactDetail } from "../../../kinds/ebs/details.js";
import { WITH_TOY } from "../../kinds/toy/rules.js";
import { runs } from "../../support/chance.js";
import { anyFsxWorld, anyToyWorld, anyWorld } from "../arbitrary.js";
import { afterDeletes, allPoints, grows, lineagesIn, mayEnd, pointsIn, startOf, viewOf, whole } from "../oracle.js";
import { HOME, only } from "../worlds.js";

/** What fails says its seed: `SEED=7 npm test -- <this file>` looks at other worlds. */
const CHECK = { numRuns: runs(300) };

const plan = (world: Inventory): Action[] => planAll([world], WITH_TOY);

/** The kinds whose worlds are looked at, with what such a world is. */
const WORLDS = { ebs: anyWorld, fsx: anyFsxWorld, toy: anyToyWorld };

type Always = (promise: string, check: (world: Inventory, actions: readonly Action[]) => void) => void;

const alwaysIn =
  (worlds: fc.Arbitrary<Inventory>): Always =>
  (promise, check) => {
    it(promise, function () {
      this.timeout(60 * CHECK.numRuns);
      fc.assert(
        fc.property(worlds, (world) => check(world, plan(world))),
        CHECK,
      );
    });
  };

const key = (p: { readonly region: string; readonly point: string }): string => `${p.region} ${p.point}`;
const rulesOf = (world: Inventory, policy: string) => world.policies.find(({ name }) => name === policy);

for (const [kind, worlds] of Object.entries(WORLDS)) {
  describe(`promises of the planner, in any world of the kind ${kind}`, () => promises(worlds));
}

function promises(worlds: fc.Arbitrary<Inventory>) {
  const always = alwaysIn(worlds);

  always("1: the newest completed point of every resource, policy and region outlives the plan", (world, actions) => {
    const after = afterDeletes(world, actions);
    for (const region of Object.keys(world.regions)) {
      const left = new Set(
        pointsIn(after, region)
          .filter(whole)
          .map((p) => p.id),
      );
      for (const [newest] of lineagesIn(world, region)) {
        if (newest !== undefined && !mayEnd(world, newest)) expect(left).to.include(newest.id);
      }
    }
  });

  always("1: nothing that failed or is in flight takes the place of a point that retention keeps", (world, actions) => {
    const after = afterDeletes(world, actions);
    for (const region of Object.keys(world.regions)) {
      const left = new Set(
        pointsIn(after, region)
          .filter(whole)
          .map((p) => p.id),
      );
      for (const lineage of lineagesIn(world, region)) {
        const [first] = lineage;
        if (first === undefined || !grows(world, first)) continue;
        const policy = rulesOf(world, first.policy);
        const retain = region === HOME ? policy?.retain : policy?.copy.find((rule) => rule.region === region)?.retain;
        const newest = Math.max(...lineage.map(startOf));
        const kept = lineage.filter(
          (p, i) =>
            retain === undefined || i < (retain.count ?? 0) || startOf(p) > newest - (retain.ageMs ?? -1) + 6000,
        );
        for (const p of kept) expect(left, `${region} ${p.id}`).to.include(p.id);
      }
    }
  });

  always("1: what somebody holds, what is in flight and what no rule tells of is never deleted", (world, actions) => {
    const parts = new Map(
      allPoints(world).flatMap((p) => p.artifacts.map((part) => [`${p.region} ${part.id}`, { p, part }])),
    );
    for (const { region, artifacts: snapshots, policy, resource } of only(actions, "delete")) {
      const recorded = pointsIn(world, region).some(
        (p) => p.policy === policy && p.resource === resource && p.recorded !== undefined,
      );
      expect(recorded || rulesOf(world, policy) !== undefined, policy).to.equal(true);
      for (const snapshot of snapshots) {
        const found = parts.get(`${region} ${snapshot}`);
        expect(found?.part.state).to.be.oneOf(["completed", "error"]);
        expect(found?.p.artifacts.flatMap((part) => part.holds)).to.deep.equal([]);
        expect(found?.p.artifacts.some((part) => artifactDetail(part).locked !== undefined)).to.equal(false);
      }
    }
  });

  always(
    "2: no source goes before its copy, or a newer one, is completed wherever it is wanted, until its end",
    (world, actions) => {
      const before = new Map(pointsIn(world, HOME).map((p) => [p.id, p]));
      const left = new Set(
        pointsIn(afterDeletes(world, actions), HOME)
          .filter(whole)
          .map((p) => p.id),
      );
      for (const { point, policy, resource } of only(actions, "delete").filter((d) => d.region === HOME)) {
        const source = before.get(point);
        if (source === undefined || !whole(source) || left.has(point) || mayEnd(world, source)) continue;
        for (const { region } of rulesOf(world, policy)?.copy ?? []) {
          if (mayEnd(world, { policy, resource, region })) continue;
          const copies = lineagesIn(world, region).flat();
          const safe = copies.some(
            (c) => c.policy === policy && c.resource === resource && c.scheduled >= source.scheduled,
          );
          expect(safe, `${resource} in ${region}`).to.equal(true);
        }
      }
    },
  );

  always("2: what has come to its end is not copied anew", (world, actions) => {
    for (const { policy, resource, region } of only(actions, "copy")) {
      for (const one of [HOME, region]) expect(mayEnd(world, { policy, resource, region: one }), one).to.equal(false);
    }
  });

  always("2: the source of a copy in progress or about to start is not deleted", (world, actions) => {
    const pending = allPoints(world).flatMap((p) =>
      p.artifacts.filter((part) => part.state === "pending").map((part) => part.source),
    );
    const sources = new Set([...pending, ...only(actions, "copy").map((c) => c.artifact.id)]);
    for (const d of only(actions, "delete")) {
      if (d.region === HOME) for (const snapshot of d.artifacts) expect(sources).to.not.include(snapshot);
    }
  });

  always("3: nothing is deleted that depends on a region nobody can see", (world, actions) => {
    for (const { region, policy } of only(actions, "delete")) {
      const needs = region === HOME ? (rulesOf(world, policy)?.copy.map((rule) => rule.region) ?? []) : [HOME];
      for (const needed of [region, ...needs]) expect(viewOf(world, needed), needed).to.not.equal(undefined);
    }
  });

  always("3: an unknown region is changed in no way, and told of", (world, actions) => {
    for (const region of Object.keys(world.regions)) {
      if (viewOf(world, region) !== undefined) continue;
      const about = actions.filter((a) => a.region === region);
      expect(about.map((a) => a.do)).to.deep.equal(["alert"]);
      if (region === HOME) expect(actions.some((a) => a.do === "create" || a.do === "copy")).to.equal(false);
    }
  });

  always("4: an identity is computed, and made only where there is none", (world, actions) => {
    const creates = only(actions, "create");
    const there = new Set(pointsIn(world, HOME).map((p) => p.id));
    for (const { point, policy, resource, scheduled } of creates) {
      expect(point).to.equal(pointId({ policy, home: HOME, resource, scheduled }));
      expect(there).to.not.include(point);
      const isAsked = world.requests.some(({ at }) => at === scheduled);
      expect(scheduled).to.be.at.most(world.now + (isAsked ? REQUEST_AHEAD_MS : 0));
    }
    expect(new Set(creates.map((c) => c.point)).size).to.equal(creates.length);
    expect(new Set(creates.map((c) => `${c.policy} ${c.resource}`)).size).to.equal(creates.length);
  });

  always(
    "4: a copy is made once: of a completed part of a whole set, not there and not on its way",
    (world, actions) => {
      const sources = new Map(pointsIn(world, HOME).map((p) => [p.id, p]));
      for (const { region, point, artifact: part } of only(actions, "copy")) {
        const source = sources.get(point);
        expect(source && whole(source)).to.equal(true);
        expect(source?.artifacts.find((p) => p.id === part.id)?.state).to.equal("completed");
        const there = pointsIn(world, region).find((p) => p.id === point)?.artifacts ?? [];
        expect(there.filter((p) => p.source === part.id && p.state !== "error")).to.deep.equal([]);
      }
    },
  );

  always("7: slots are never exceeded, and a volume has one copy in flight per region", (world, actions) => {
    const { copySlots, copyReserve } = world.limits;
    for (const region of Object.keys(world.regions)) {
      const copies = only(actions, "copy").filter((c) => c.region === region);
      const flying =
        region === HOME ? [] : pointsIn(world, region).flatMap((p) => p.artifacts.filter((x) => x.state === "pending"));
      const busy = Math.max(viewOf(world, region)?.copiesInFlight ?? 0, flying.length);
      if (copies.length > 0) expect(copies.length + busy).to.be.at.most(copySlots - copyReserve);
      const started = copies.map((c) => c.artifact.member);
      expect(new Set(started).size).to.equal(started.length);
      for (const { member: volume } of flying) expect(started).to.not.include(volume);
    }
  });

  always("every point that is seen gets one verdict, with its reason", (world, actions) => {
    const left = new Set(allPoints(afterDeletes(world, actions)).map((p) => key({ region: p.region, point: p.id })));
    const keeps = [...only(actions, "keep"), ...only(actions, "pending-approval")];
    expect(new Set(keeps.map(key))).to.deep.equal(left);
    expect(keeps).to.have.length(left.size);
    for (const action of actions) expect(action.reason).to.match(/\S/);
    const deleted = only(actions, "delete").flatMap((d) => d.artifacts);
    expect(new Set(deleted).size).to.equal(deleted.length);
  });

  always("a plan is at rest after its deletes, and lost deletes change nothing", (world, actions) => {
    const again = plan(afterDeletes(world, actions));
    expect(only(again, "delete")).to.deep.equal([]);
    for (const verb of ["create", "copy", "keep"] as const)
      expect(only(again, verb)).to.deep.equal(only(actions, verb));
    // Which of two doubles goes may change with what else was deleted, so only the points are compared.
    const half = only(actions, "delete").filter((_, i) => i % 2 === 0);
    const rest = only(plan(afterDeletes(world, half)), "delete");
    expect(rest.map(key)).to.deep.equal(
      only(actions, "delete")
        .filter((_, i) => i % 2 === 1)
        .map(key),
    );
  });

  it("the order of the input does not matter", function () {
    this.timeout(60 * CHECK.numRuns);
    const turned = (world: Inventory): Inventory => ({
      ...world,
      policies: world.policies.toReversed().map((p) => ({ ...p, copy: p.copy.toReversed() })),
      requests: world.requests.toReversed(),
      regions: Object.fromEntries(
        Object.entries(world.regions)
          .toReversed()
          .map(([region, view]) => {
            if (!view.complete) return [region, view];
            const resources = view.resources.toReversed().map((r) => ({ ...r, members: r.members.toReversed() }));
            const points = view.points.toReversed().map((p) => ({ ...p, artifacts: p.artifacts.toReversed() }));
            return [region, { ...view, resources, points }];
          }),
      ),
    });
    fc.assert(
      fc.property(worlds, (world) => {
        const actions = plan(world);
        expect(plan(world)).to.deep.equal(actions);
        expect(plan(turned(world))).to.deep.equal(actions);
      }),
      CHECK,
    );
  });
}
