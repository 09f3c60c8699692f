import { expect } from "chai";
import { only, plan, point, policy, SLOT, world } from "../worlds.js";

describe("planner: a large estate", () => {
  it("plans more decisions than a call takes as arguments", () => {
    const count = 150_000;
    const points = Array.from({ length: count }, (_, i) => point({ at: SLOT - i * 1000 }));
    const policies = [policy({ copy: [], retain: { count } })];
    expect(only(plan(world({ points, policies })), "keep")).to.have.length(count);
  });
});
