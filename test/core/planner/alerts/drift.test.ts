import { expect } from "chai";
import type { Inventory, SelectedCount } from "../../../../core/model/model.js";
import { selectedNow } from "../../../../core/planner/selected.js";
import { RULES } from "../../../../kinds/rules.js";
import { DAY, HOME, HOUR, instance, NOW, only, plan, policy, type WorldInput, world } from "../../worlds.js";

const estate = (count: number, over: WorldInput = {}): Inventory =>
  world({ resources: Array.from({ length: count }, (_, i) => instance(`i-${i}`, [`vol-${i}`])), ...over });
const count = (of: Inventory) => selectedNow([of], RULES);
const told = (of: Inventory) =>
  only(plan(of), "alert")
    .filter(({ cause }) => cause === "selection-dropped" || cause === "nothing-selected")
    .map(({ cause, reason }) => `${cause}: ${reason}`);
const remember = (selected: readonly SelectedCount[]) => ({ memory: { announced: [], selected } });

describe("a selection that drops", () => {
  it("is told when less than half of the last run is left, and not of half", () => {
    const before = remember(count(estate(20)));
    expect(told(estate(10, before))).to.deep.equal([]);
    expect(told(estate(9, before))).to.deep.equal([
      "selection-dropped: it selects 9 resource(s) by the tag Backup=hourly, and selected 20 before",
    ]);
    expect(told(estate(40, before))).to.deep.equal([]);
    expect(told(estate(1, remember(count(estate(3)))))).to.have.length(1);
    expect(told(estate(1, remember(count(estate(2)))))).to.deep.equal([]);
  });

  it("is told as nothing selected where nothing is left, once", () => {
    expect(told(estate(0, remember(count(estate(20)))))).to.deep.equal([
      "nothing-selected: no resource has the tag Backup=hourly",
    ]);
  });

  it("is told as long as it lasts, is over when half is back, and after a week it was meant", () => {
    let memory = remember(count(estate(20)));
    const run = (n: number, after: number) => {
      const now = estate(n, { ...memory, now: NOW + after });
      const said = told(now).length;
      memory = remember(count(now));
      return said;
    };
    expect([run(5, 0), run(5, HOUR), run(0, 2 * HOUR), run(6, 6 * DAY)]).to.deep.equal([1, 1, 1, 1]);
    expect(run(10, 6.5 * DAY), "half is back").to.equal(0);
    expect(run(4, 7 * DAY), "it drops again, from what it was").to.equal(1);
    expect(run(4, 14 * DAY - 1)).to.equal(1);
    expect(run(4, 14 * DAY)).to.equal(0);
    expect(memory.memory.selected).to.deep.equal([{ region: HOME, policy: "hourly", count: 4 }]);
    expect(run(2, 15 * DAY)).to.equal(0);
  });

  it("is not told of a first run, of another policy, of another home, or of a region that cannot be read", () => {
    const before = count(estate(20));
    expect(told(estate(5))).to.deep.equal([]);
    expect(told(estate(5, remember(before.map((one) => ({ ...one, policy: "other" })))))).to.deep.equal([]);
    expect(told(estate(5, remember(before.map((one) => ({ ...one, region: "eu-west-1" })))))).to.deep.equal([]);
    const blind = estate(5, { ...remember(before), unknown: { [HOME]: "no answer" }, resources: [] });
    expect(told(blind)).to.deep.equal([]);
    expect(count(blind), "and what was counted is not forgotten").to.deep.equal(before);
  });

  it("counts each policy for itself", () => {
    const policies = [policy(), policy({ name: "all", select: { everything: true } })];
    const mixed = (tagged: number, all: number, over: WorldInput = {}): Inventory =>
      estate(0, {
        policies,
        resources: Array.from({ length: all }, (_, i) =>
          instance(`i-${i}`, [`vol-${i}`], i < tagged ? {} : { tags: {} }),
        ),
        ...over,
      });
    const before = remember(count(mixed(8, 8)));
    expect(told(mixed(2, 8, before))).to.have.length(1);
    expect(told(mixed(2, 3, before))).to.deep.equal([
      "selection-dropped: it selects 3 resource(s), and selected 8 before",
      "selection-dropped: it selects 2 resource(s) by the tag Backup=hourly, and selected 8 before",
    ]);
  });
});
