import { expect } from "chai";
import { health } from "../../core/health.js";
import { rpoLimitSeconds } from "../../core/rpo.js";
import { DAY, DR, HOME, HOUR, instance, MINUTE, NOW, point, policy, SLOT, world } from "./worlds.js";

const AGE = (NOW - SLOT - MINUTE) / 1000;

describe("health", () => {
  const points = [
    point({ at: SLOT }),
    point({ at: SLOT - HOUR, parts: { "vol-1": "error" } }),
    point({ at: SLOT - HOUR, region: DR }),
    point({ at: SLOT, region: DR, parts: { "vol-1": "pending" } }),
  ];

  it("measures each region by its own points", () => {
    expect(health(world({ points }), HOME)).to.deep.equal({
      resources: [{ policy: "hourly", resource: "i-1", ageSeconds: AGE }],
      policies: [{ policy: "hourly", selected: 1, completed: 1, pending: 0, failed: 1 }],
    });
    expect(health(world({ points }), DR)).to.deep.equal({
      resources: [{ policy: "hourly", resource: "i-1", ageSeconds: AGE + 3600 }],
      policies: [{ policy: "hourly", selected: 1, completed: 1, pending: 1, failed: 0 }],
    });
  });

  it("counts from the birth of a resource that has no point yet", () => {
    const { resources } = health(world({ points: [] }), HOME);
    expect(resources).to.deep.equal([{ policy: "hourly", resource: "i-1", ageSeconds: (365 * DAY) / 1000 }]);
  });

  it("says that a policy selects nothing, and asks nothing of resources that nobody selects any more", () => {
    const resources = [instance("i-1", ["vol-1"], { tags: {} })];
    const seen = health(world({ points, resources }), HOME);
    expect(seen.resources).to.deep.equal([]);
    expect(seen.policies[0]).to.include({ selected: 0, completed: 1 });
  });

  it("keeps telling how old the copies get when their home is gone", () => {
    const seen = health(world({ points, resources: [], unknown: { [HOME]: "region down" } }), DR);
    expect(seen.resources).to.deep.equal([{ policy: "hourly", resource: "i-1", ageSeconds: AGE + 3600 }]);
    expect(seen.policies[0]?.selected).to.equal(undefined);
  });

  it("says nothing of a region that could not be read, nor of a policy that wants no copy there", () => {
    const nothing = { resources: [], policies: [] };
    expect(health(world({ points, unknown: { [DR]: "timed out" } }), DR)).to.deep.equal(nothing);
    expect(health(world({ points, policies: [policy({ copy: [] })] }), DR)).to.deep.equal(nothing);
  });
});

describe("the limit of the RPO's alarm", () => {
  it("is two of the schedule's longest gaps, and an hour more for copies", () => {
    expect(rpoLimitSeconds("rate(1 hour)", "home")).to.equal(7200);
    expect(rpoLimitSeconds("rate(1 hour)", "copy")).to.equal(10_800);
    expect(rpoLimitSeconds("cron(0 3 * * ? *)", "home")).to.equal(2 * 86_400);
    expect(rpoLimitSeconds("cron(0 3 ? * MON-FRI *)", "home"), "over a weekend").to.equal(2 * 3 * 86_400);
    expect(rpoLimitSeconds("cron(0 3 1 * ? *)", "home"), "the longest month").to.equal(2 * 31 * 86_400);
  });

  it("is never shorter than two looks of a region at rest", () => {
    expect(rpoLimitSeconds("rate(5 minutes)", "home")).to.equal(1800);
  });

  it("is a year's for a schedule that comes once", () => {
    expect(rpoLimitSeconds("cron(0 3 1 1 ? 2031)", "home")).to.equal(2 * 366 * 86_400);
  });
});
