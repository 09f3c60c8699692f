import { expect } from "chai";
import fc from "fast-check";
import type { Part, RegionView, World } from "../../core/model.js";
import { type Known, mayDo, needsOf } from "../../core/needs.js";
import { plan } from "../../core/planner.js";
import { anyWorld } from "./arbitrary.js";
import { DR, HOME, HOUR, instance, point, policy, SLOT, world } from "./worlds.js";

/** The world before volumes, AMIs, locks and the copies of others were read. */
function barely(full: World): World {
  const bare = ({ locked: _, ...part }: Part): Part => ({ ...part, holds: [] });
  const regions = Object.entries(full.regions).map(([region, view]): [string, RegionView] => [
    region,
    view.complete
      ? { ...view, copiesInFlight: 0, points: view.points.map((one) => ({ ...one, parts: one.parts.map(bare) })) }
      : view,
  ]);
  const resources = full.resources.map((one) => ({
    ...one,
    volumes: one.volumes.map((volume) => ({ ...volume, createdAt: full.now })),
  }));
  return { ...full, resources, regions: Object.fromEntries(regions) };
}

const NOTHING: Known = { volumes: false, pending: false, images: false, locks: false };
const of = (more: Parameters<typeof world>[0], region = HOME): Known => needsOf(barely(world(more)), region);

describe("what must be known of a region", () => {
  it("is enough for all that the plan would do there", () => {
    fc.assert(
      fc.property(anyWorld, (full) => {
        const actions = plan(full);
        for (const region of Object.keys(full.regions)) {
          const known = needsOf(barely(full), region);
          for (const action of actions) {
            if (action.region === region) expect(mayDo(action, known), JSON.stringify(action)).to.equal(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  const done = point({ at: SLOT });
  const older = point({ at: SLOT - HOUR });
  const copied = point({ at: SLOT, region: DR });
  const copies = policy({ copy: [{ region: DR, retain: { count: 1 } }] });
  const set = { "vol-1": "completed", "vol-2": "completed" } as const;

  it("is nothing where there is nothing to do", () => {
    expect(of({ points: [done] })).to.deep.equal(NOTHING);
    expect(of({ points: [done, copied], policies: [copies] }, DR)).to.deep.equal(NOTHING);
    expect(of({ unknown: { [HOME]: "gone" } })).to.deep.equal(NOTHING);
  });

  it("is what a new point, a copy, a delete or a lock depends on", () => {
    expect(of({})).to.deep.equal({ ...NOTHING, volumes: true });
    expect(of({ points: [done], requests: [{ at: SLOT }] })).to.include({ volumes: true });
    expect(of({ points: [point({ at: SLOT, parts: { "vol-1": "error" } })] })).to.include({ volumes: true });
    expect(of({ points: [done], policies: [copies] }, DR)).to.deep.equal({ ...NOTHING, pending: true });
    expect(of({ points: [done, older] })).to.deep.equal({ ...NOTHING, images: true });
    expect(of({ points: [done], resources: [instance("i-2")] })).to.include({ images: true });
    const locking = policy({ lock: { mode: "governance", days: 1 } });
    expect(of({ points: [done], policies: [locking] })).to.deep.equal({ ...NOTHING, locks: true });
  });

  it("is of a set that may be deleted what locks keep, and of what is known to be locked", () => {
    const sets = [point({ at: SLOT, parts: set }), point({ at: SLOT - HOUR, parts: set })];
    expect(of({ points: sets })).to.deep.equal({ ...NOTHING, images: true, locks: true });
    expect(needsOf(world({ points: [done, older] }), HOME, true)).to.include({ locks: true });
  });

  it("lets nothing be done that depends on more", () => {
    const sole = policy({ retain: { count: 1 }, copy: [] });
    const points = [done, older, point({ at: SLOT - 2 * HOUR, parts: set })];
    const twice = plan(world({ points, policies: [sole] }));
    const gone = twice.filter((action) => action.do === "delete");
    expect(gone.map(({ snapshots }) => snapshots.length).toSorted()).to.deep.equal([1, 2]);
    for (const action of gone) {
      expect(mayDo(action, { ...NOTHING, images: true })).to.equal(action.snapshots.length === 1);
      expect(mayDo(action, { ...NOTHING, locks: true })).to.equal(false);
      expect(mayDo(action, { ...NOTHING, images: true, locks: true })).to.equal(true);
    }
  });
});
