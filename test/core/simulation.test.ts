import { expect } from "chai";
import fc from "fast-check";
import type { Action, Part, Point, Policy, RegionView, World } from "../../core/model.js";
import { plan } from "../../core/planner.js";
import { pointsIn, whole } from "./oracle.js";
import { DR, HOME, HOUR, instance, MINUTE, only, policy, SLOT } from "./worlds.js";

/** What may go wrong in one run, drawn beforehand so that a failure can be replayed. */
interface Luck {
  readonly unknown: readonly string[];
  /** Of the snapshots in flight, whether the n-th ends now, and how. */
  readonly ends: readonly ("completed" | "error" | "pending")[];
}

const COUNT = 2;
const POLICIES: readonly Policy[] = [
  policy({ retain: { count: COUNT }, copy: [{ region: DR, retain: { count: COUNT } }] }),
];
const RESOURCES = [1, 2, 3].map((i) => instance(`i-${i}`, [`vol-${i}-a`, `vol-${i}-b`]));

/** A small AWS: what the plan asks for begins, and ends as luck has it. */
class Estate {
  readonly #points = new Map<string, Point>();
  #now = SLOT;
  #serial = 0;

  world(unknown: readonly string[] = []): World {
    const view = (region: string): RegionView => {
      if (unknown.includes(region)) return { complete: false, reason: "luck" };
      const points = [...this.#points.values()].filter((p) => p.region === region);
      const flying = points.flatMap((p) => p.parts).filter((part) => part.state === "pending");
      return { complete: true, asOf: this.#now, points, copiesInFlight: region === HOME ? 0 : flying.length };
    };
    return {
      now: this.#now,
      home: HOME,
      policies: POLICIES,
      resources: unknown.includes(HOME) ? [] : RESOURCES,
      regions: { [HOME]: view(HOME), [DR]: view(DR) },
      requests: [],
      limits: { copySlots: 3, copyReserve: 1 },
    };
  }

  #put(region: string, point: Omit<Point, "parts" | "region">, parts: readonly Part[]): void {
    const key = `${region} ${point.id}`;
    this.#points.set(key, { ...point, region, parts: [...(this.#points.get(key)?.parts ?? []), ...parts] });
  }

  #begin(volume: string, device: string): Part {
    this.#serial += 1;
    const snapshot = `snap-${this.#serial}-c0`;
    return { snapshot, volume, device, state: "pending", startedAt: this.#now, progress: 0, sizeGiB: 8, holds: [] };
  }

  step(luck: Luck): Action[] {
    this.#now += 7 * MINUTE;
    let n = 0;
    for (const [key, point] of this.#points) {
      const parts = point.parts.map((part): Part => {
        if (part.state !== "pending") return part;
        const state = luck.ends.length === 0 ? "completed" : (luck.ends[n++ % luck.ends.length] ?? "completed");
        return { ...part, state };
      });
      this.#points.set(key, { ...point, parts });
    }
    const actions = plan(this.world(luck.unknown));
    for (const action of actions) {
      if (action.do === "create") {
        const { point: id, policy: name, resource, kind, scheduled, volumes } = action;
        const point = {
          id,
          policy: name,
          resource,
          kind,
          home: HOME,
          scheduled,
          size: volumes.length,
          level: "crash",
        } as const;
        this.#put(
          HOME,
          point,
          volumes.map((v) => this.#begin(v.id, v.device)),
        );
      } else if (action.do === "copy") {
        const { point: id, policy: name, resource, kind, home, scheduled, size, level, part, region } = action;
        const begun = this.#begin(part.volume, part.device);
        const copy = { ...begun, source: part.snapshot, takenAt: part.takenAt ?? part.startedAt };
        this.#put(region, { id, policy: name, resource, kind, home, scheduled, size, level }, [copy]);
      } else if (action.do === "delete") {
        const key = `${action.region} ${action.point}`;
        const point = this.#points.get(key);
        const parts = point?.parts.filter((part) => !action.snapshots.includes(part.snapshot)) ?? [];
        if (point === undefined || parts.length === 0) this.#points.delete(key);
        else this.#points.set(key, { ...point, parts });
      }
    }
    return actions;
  }
}

const luck: fc.Arbitrary<Luck> = fc.record({
  unknown: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([HOME, DR], { minLength: 1 }) },
  ),
  ends: fc.array(fc.constantFrom("completed" as const, "completed" as const, "error" as const, "pending" as const), {
    minLength: 1,
    maxLength: 7,
  }),
});

describe("many runs of the planner", () => {
  it("lose no good point in bad times, and end up with every resource protected in both regions in good ones", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(luck, { minLength: 5, maxLength: 60, size: "max" }), (bad) => {
        const estate = new Estate();
        const best = new Map<string, number>();
        const look = (): void => {
          const seen = estate.world();
          for (const region of [HOME, DR]) {
            for (const { id } of RESOURCES) {
              const good = pointsIn(seen, region).filter((p) => p.resource === id && whole(p));
              const newest = Math.max(0, ...good.map((p) => p.scheduled));
              const key = `${region} ${id}`;
              expect(newest, key).to.be.at.least(best.get(key) ?? 0);
              best.set(key, newest);
            }
          }
        };
        for (const one of bad) {
          estate.step(one);
          look();
        }
        // Back-offs last up to an hour.
        for (let i = 0; i < 60; i++) {
          estate.step({ unknown: [], ends: [] });
          look();
        }
        const end = estate.world();
        for (const region of [HOME, DR]) {
          for (const { id } of RESOURCES) {
            const points = pointsIn(end, region).filter((p) => p.resource === id);
            expect(points.filter(whole), `${region} ${id}`).to.have.length.within(COUNT, COUNT + 1);
            expect(points.length, `${region} ${id}`).to.be.at.most(COUNT + 2);
            expect(best.get(`${region} ${id}`)).to.be.at.least(end.now - 3 * HOUR);
          }
        }
        expect(only(plan(end), "alert")).to.deep.equal([]);
      }),
      { numRuns: 150 },
    );
  });

  it("make exactly one point for each slot and one copy for each snapshot when nothing fails", () => {
    const estate = new Estate();
    const actions = Array.from({ length: 60 }, () => estate.step({ unknown: [], ends: [] })).flat();
    const slots = Array.from({ length: 8 }, (_, hour) => SLOT + hour * HOUR);
    const creates = only(actions, "create").map((c) => `${c.resource} ${c.scheduled}`);
    expect(creates.toSorted()).to.deep.equal(
      RESOURCES.flatMap(({ id }) => slots.map((slot) => `${id} ${slot}`)).toSorted(),
    );
    // The points of the last slot are still in flight.
    const copies = only(actions, "copy").map((c) => c.part.snapshot);
    expect(copies).to.have.length((slots.length - 1) * 6);
    expect(new Set(copies).size).to.equal(copies.length);
  });
});
