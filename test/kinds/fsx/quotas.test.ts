import { expect } from "chai";
import { planAll } from "../../../core/planner/planner.js";
import { keptAtRest } from "../../../core/retention/kept-at-rest.js";
import { quotaOf, usageOf } from "../../../kinds/fsx/quotas.js";
import { RULES } from "../../../kinds/rules.js";
import { DAY, DR, HOME, HOUR, NOW, only, SLOT } from "../../core/worlds.js";
import { backup, type FsxInput, fileSystem, fsxWorld, policy } from "./worlds.js";

const usage = (openzfs: number) => ({ windows: 0, lustre: 0, openzfs, ontap: 0 });

/** What is told of quotas, where so many backups of the account count at home and in DR. */
function told(input: FsxInput, home: number, dr = 0): string[] {
  const inventory = fsxWorld(input);
  const used: Readonly<Record<string, number>> = { [HOME]: home, [DR]: dr };
  const regions = Object.fromEntries(
    Object.entries(inventory.regions).map(([region, view]) => [region, { ...view, usage: usage(used[region] ?? 0) }]),
  );
  return only(planAll([{ ...inventory, regions }], RULES), "alert")
    .filter(({ cause }) => cause === "quota-near")
    .map(({ region, reason }) => `${region}: ${reason}`);
}

const systems = (n: number) => Array.from({ length: n }, (_, i) => fileSystem(`fs-${i}`));
const OF = "the same of OpenZFS file systems";

describe("kinds/fsx: quotas", () => {
  it("count by type, AWS Backup's and copies too, automatic ones not", () => {
    const made = (madeBy: string) => backup({ at: SLOT, over: { madeBy } });
    const records = [made("USER_INITIATED"), made("AWS_BACKUP"), made("AUTOMATIC"), backup({ at: SLOT, region: DR })];
    expect(usageOf([...records, backup({ at: SLOT, unit: "fsvol-01" })])).to.deep.equal({
      ...{ windows: 0, lustre: 0, openzfs: 3, ontap: 1 },
    });
    expect(quotaOf({ type: "NEW" })).to.equal(undefined);
  });

  it("are told before they are reached, whoever used them up, in each region", () => {
    expect(told({}, 450)).to.deep.equal([]);
    expect(told({}, 451)).to.deep.equal([`${HOME}: ${OF}: 451 of 500 are there`]);
    expect(told({}, 10, 500)).to.deep.equal([
      `${DR}: ${OF}: 500 of 500 are there, the policies keep up to 4 of 1 resource(s) beside 500 of others`,
    ]);
    expect(told({ quotas: { openzfs: 1000 } }, 451), "raised").to.deep.equal([]);
  });

  it("are told when file systems times what is kept pass them, long before", () => {
    const policies = [policy({ retain: { count: 9 }, copy: [{ region: DR, retain: { count: 1 } }] })];
    expect(told({ policies, resources: systems(50) }, 0)).to.deep.equal([]);
    expect(told({ policies, resources: systems(51) }, 0)).to.deep.equal([
      `${HOME}: ${OF}: 0 of 500 are there, the policies keep up to 510 of 51 resource(s)`,
    ]);
    expect(told({ policies, resources: systems(50) }, 20)).to.deep.equal([
      `${HOME}: ${OF}: 20 of 500 are there, the policies keep up to 500 of 50 resource(s) beside 20 of others`,
    ]);
  });

  it("say how many are held back beyond what the policies keep", () => {
    const policies = [policy({ retain: { count: 1 }, copy: [{ region: DR, retain: { count: 1 } }] })];
    const backups = Array.from({ length: 460 }, (_, i) => backup({ at: SLOT - i * HOUR }));
    expect(told({ policies, backups }, 460)).to.deep.equal([
      `${HOME}: ${OF}: 460 of 500 are there, 458 more than the policies keep are held back, by what waits or somebody's hold`,
    ]);
  });

  it("what a retention keeps follows from its schedule", () => {
    const kept = (over: object) => keptAtRest({ count: 1, ...over }, policy(), NOW);
    expect(kept({})).to.equal(2);
    expect(kept({ ageMs: 7 * DAY })).to.equal(7 * 24 + 2);
    expect(kept({ count: 3, daily: 7, monthly: 12 })).to.equal(3 + 19 + 1);
    const nightly = policy({ schedule: "cron(0 3 ? * MON-FRI *)" });
    expect(keptAtRest({ ageMs: 14 * DAY }, nightly, NOW)).to.equal(10 + 2);
  });
});
