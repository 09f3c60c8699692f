import { expect } from "chai";
import { health } from "../../../core/report/health.js";
import { RULES } from "../../../kinds/rules.js";
import { DAY, DR, HOME, HOUR, instance, MINUTE, NOW, point, policy, SLOT, world } from "../worlds.js";

const AGE = (NOW - SLOT - MINUTE) / 1000;

describe("health", () => {
  const points = [
    point({ at: SLOT }),
    point({ at: SLOT - HOUR, parts: { "vol-1": "error" } }),
    point({ at: SLOT - HOUR, region: DR }),
    point({ at: SLOT, region: DR, parts: { "vol-1": "pending" } }),
  ];

  it("measures each region by its own points", () => {
    expect(health(world({ points }), HOME, RULES)).to.deep.equal({
      resources: [{ policy: "hourly", resource: "i-1", ageSeconds: AGE }],
      policies: [{ policy: "hourly", selected: 1, completed: 1, pending: 0, failed: 1, overdueSeconds: 0 }],
    });
    expect(health(world({ points }), DR, RULES)).to.deep.equal({
      resources: [{ policy: "hourly", resource: "i-1", ageSeconds: AGE + 3600 }],
      policies: [{ policy: "hourly", selected: 1, completed: 1, pending: 1, failed: 0, overdueSeconds: 0 }],
    });
  });

  it("counts from the birth of a resource that has no point yet", () => {
    const { resources } = health(world({ points: [] }), HOME, RULES);
    expect(resources).to.deep.equal([{ policy: "hourly", resource: "i-1", ageSeconds: (365 * DAY) / 1000 }]);
  });

  it("says that a policy selects nothing, and asks nothing of resources that nobody selects any more", () => {
    const resources = [instance("i-1", ["vol-1"], { tags: {} })];
    const seen = health(world({ points, resources }), HOME, RULES);
    expect(seen.resources).to.deep.equal([]);
    expect(seen.policies[0]).to.include({ selected: 0, completed: 1 });
  });

  it("keeps telling how old the copies get when their home is gone", () => {
    const seen = health(world({ points, resources: [], unknown: { [HOME]: "region down" } }), DR, RULES);
    expect(seen.resources).to.deep.equal([{ policy: "hourly", resource: "i-1", ageSeconds: AGE + 3600 }]);
    expect(seen.policies[0]?.selected).to.equal(undefined);
  });

  it("says nothing of a region that could not be read, nor of a policy that wants no copy there", () => {
    const nothing = { resources: [], policies: [] };
    expect(health(world({ points, unknown: { [DR]: "timed out" } }), DR, RULES)).to.deep.equal(nothing);
    expect(health(world({ points, policies: [policy({ copy: [] })] }), DR, RULES)).to.deep.equal(nothing);
  });

  it("says by how much the next point of the worst resource is overdue, where a schedule says when it is due", () => {
    const [second, third] = [instance("i-2", ["vol-2"]), instance("i-3", ["vol-3"], { tags: {} })];
    const two = {
      points: [
        point({ at: SLOT }),
        point({ at: SLOT - 5 * HOUR, resource: "i-2", parts: { "vol-2": "completed" } }),
        point({ at: SLOT - 9 * HOUR, resource: "i-3", parts: { "vol-3": "completed" } }),
      ],
      resources: [instance("i-1"), second, third],
    };
    const overdueOf = (input: Parameters<typeof world>[0], region = HOME) =>
      health(world(input), region, RULES).policies[0]?.overdueSeconds;
    // i-2's next was due four hours before the newest slot, and its grace is an hour; i-3 is not selected.
    expect(overdueOf(two)).to.equal((NOW - SLOT + 3 * HOUR) / 1000);
    // Without a copy: due since the first slot of its life, a year ago.
    expect(overdueOf(two, DR)).to.be.greaterThan((364 * DAY) / 1000);
    const { schedule: _, ...unscheduled } = policy();
    expect(overdueOf({ ...two, policies: [unscheduled] })).to.equal(undefined);
    expect(overdueOf({ ...two, unknown: { [HOME]: "region down" } }, DR), "no copy, and nobody knows of more").to.equal(
      0,
    );
  });
});
