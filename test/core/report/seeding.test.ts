import { expect } from "chai";
import fc from "fast-check";
import { seeding } from "../../../core/report/seeding.js";
import { RULES } from "../../../kinds/rules.js";
import { ebs } from "../../support/ebs.js";
import { DR, HOME, instance, point, policy, SLOT, type WorldInput, world } from "../worlds.js";

const GIB_HOURS = 1024 / RULES.ebs.costs.copyMibPerS / 3600;
const DAY_MS = 86_400_000;

const seed = (input: WorldInput = {}) => seeding(world(input), RULES.ebs);
const fleet = (count: number) => Array.from({ length: count }, (_, i) => instance(`i-${i}`, [`vol-${i}`]));

describe("first seeding", () => {
  it("of an estate without any point: all its volumes, whole, at home and in each copy region", () => {
    const resources = [instance("i-1", ["vol-1", "vol-2"]), instance("i-2", ["vol-3"])];
    expect(seed({ resources })).to.deep.equal({
      home: { region: HOME, resources: 2, members: 3, gib: 24, storageMonth: 24 * 0.05 },
      copies: [
        {
          ...{ region: DR, resources: 2, members: 3, gib: 24, storageMonth: 24 * 0.05 },
          ...{ slots: 18, waves: 1, hours: 8 * GIB_HOURS, transfer: 24 * 0.02 },
        },
      ],
    });
  });

  it("goes in waves of as many copies as there are slots, less those left to others", () => {
    const [copies] = seed({ resources: fleet(500) })?.copies ?? [];
    expect(copies).to.include({ members: 500, slots: 18, waves: 28 });
    expect(copies?.hours).to.be.closeTo(28 * 8 * GIB_HOURS, 1e-9);
    const few = seed({ resources: fleet(5), limits: { copySlots: 2, copyReserve: 2 } })?.copies[0];
    expect(few, "one at least, or it would never end").to.include({ slots: 1, waves: 5 });
  });

  it("counts what was snapshotted as it was, and is over where there is a completed copy, however old", () => {
    const at = SLOT - 30 * DAY_MS;
    const made = point({ at, parts: { "vol-1": "completed", "vol-0": "completed" } });
    expect(seed({ points: [made] })).to.deep.include({
      home: { region: HOME, resources: 0, members: 0, gib: 0, storageMonth: 0 },
    });
    expect(seed({ points: [made] })?.copies[0]).to.include({ resources: 1, members: 2, gib: 16 });
    expect(seed({ points: [point({ at }), point({ at, region: DR, parts: { "vol-1": "pending" } })] })).to.not.equal(
      undefined,
    );
    expect(seed({ points: [point({ at }), point({ at, region: DR })] })).to.equal(undefined);
  });

  it("leaves out what a policy excludes, does not select, or copies nowhere", () => {
    const resources = [instance("i-1", ["vol-1", "vol-2"]), instance("i-2", ["vol-3"], { tags: {} })];
    expect(seed({ resources, policies: [policy(ebs({ exclude: { boot: true } }))] })?.home).to.include({
      members: 1,
      gib: 8,
    });
    expect(seed({ resources, policies: [policy({ copy: [] })] })?.copies).to.deep.equal([]);
    expect(seed({ resources: [] })).to.equal(undefined);
    expect(seed({ resources: [instance("i-1", [])] }), "nothing is to be made of it").to.equal(undefined);
  });

  it("says nothing of a region that nobody can see", () => {
    expect(seed({ unknown: { [DR]: "down" } })?.copies).to.deep.equal([]);
    expect(seed({ unknown: { [HOME]: "down" } })).to.equal(undefined);
  });

  it("never takes less than its largest copy, nor than all of them through all slots", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 16_384 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const resources = sizes.map((sizeGiB, i) => {
          const one = instance(`i-${i}`, [`vol-${i}`]);
          return { ...one, members: one.members.map((volume) => ({ ...volume, sizeGiB })) };
        });
        const { hours = 0, gib = 0 } = seed({ resources })?.copies[0] ?? {};
        const largest = Math.max(...sizes) * GIB_HOURS;
        expect(hours).to.be.at.least(Math.max(largest, (gib / 18) * GIB_HOURS) - 1e-6);
        expect(hours).to.be.at.most((gib / 18) * GIB_HOURS + largest + 1e-6);
      }),
    );
  });
});
