import { expect } from "chai";
import { status } from "../../../core/report/status.js";
import { RULES } from "../../../kinds/rules.js";
import { DR, HOME, HOUR, instance, MINUTE, NOW, plan, point, policy, SLOT, world } from "../worlds.js";

const of = (input: Parameters<typeof world>[0]) => {
  const seen = world(input);
  return status([seen], RULES, plan(seen));
};

describe("status", () => {
  it("counts points in each region and measures the RPO from the start of the data", () => {
    const points = [
      point({ at: SLOT, parts: { "vol-1": "pending" } }),
      point({ at: SLOT - HOUR }),
      point({ at: SLOT - 2 * HOUR }),
      point({ at: SLOT - HOUR, region: DR, size: 2 }),
      point({ at: SLOT - 2 * HOUR, region: DR }),
    ];
    expect(of({ points })).to.deep.equal({
      problems: [],
      regions: [HOME, DR],
      resources: [
        {
          id: "i-1",
          kind: "instance",
          name: "name of i-1",
          policy: "hourly",
          points: {
            [HOME]: { completed: 2, pending: 1, failed: 0, newest: "2026-11-21T06:01:00.000Z", rpoSeconds: 79 * 60 },
            [DR]: { completed: 1, pending: 1, failed: 0, newest: "2026-11-21T05:01:00.000Z", rpoSeconds: 139 * 60 },
          },
          problems: [],
        },
      ],
    });
  });

  it("says what is wrong: nothing completed, failures, unknown regions", () => {
    const failed = point({ at: SLOT, parts: { "vol-1": "error" } });
    const [row] = of({ points: [failed], unknown: { [DR]: "timed out" } }).resources;
    expect(row?.points).to.deep.equal({
      [HOME]: { completed: 0, pending: 0, failed: 1, newest: null, rpoSeconds: null },
    });
    expect(row?.problems).to.deep.equal([
      `no completed point in ${HOME}`,
      `${DR} is unknown: timed out`,
      `point-failed in ${HOME} (${failed.id}): vol-1: no such key`,
    ]);
  });

  it("shows what the DR region holds when the home region is gone, for failover", () => {
    const [row, ...more] = of({
      points: [point({ at: SLOT, region: DR })],
      unknown: { [HOME]: "region down" },
    }).resources;
    expect(more).to.deep.equal([]);
    expect(row).to.include({ id: "i-1", name: "i-1", kind: "instance", policy: "hourly" });
    expect(row?.points[DR]?.rpoSeconds).to.equal((NOW - SLOT - MINUTE) / 1000);
    expect(row?.problems).to.deep.equal([`${HOME} is unknown: region down`]);
  });

  it("has a row for each resource and policy, also without a point, and for what is gone but still has some", () => {
    const policies = [policy(), policy({ name: "all", select: { key: "Env", value: "prod" } })];
    const resources = [instance("i-2", ["vol-2"], { tags: { Backup: "hourly", Env: "prod" } })];
    const points = [point({ at: SLOT, resource: "i-1" }), point({ at: SLOT, resource: "i-3", policy: "gone" })];
    const rows = of({ policies, resources, points }).resources.map((row) => [row.id, row.policy]);
    expect(rows).to.deep.equal([
      ["i-1", "hourly"],
      ["i-2", "all"],
      ["i-2", "hourly"],
      ["i-3", "gone"],
    ]);
  });
});
