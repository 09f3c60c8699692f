import { expect } from "chai";
import type { Artifact, Point } from "../../../core/model/model.js";
import { FAILURES_COUNTED, pauseAfter } from "../../../core/schedule/backoff.js";
import { DR, HOUR, MINUTE, only, plan, point, policy, SLOT, verdict, withParts, world } from "../worlds.js";

const DAY_OF_TRIES = 24;

/** A copy whose first volume failed again and again, the last time now. */
const tried = (parts: Readonly<Record<string, "completed" | "error">>, more: Partial<Artifact> = {}): Point => {
  const made = point({ at: SLOT - HOUR, region: DR, parts });
  const failed = Array.from({ length: DAY_OF_TRIES }, (_, n) => ({
    id: `snap-try-${String(n).padStart(2, "0")}`,
    startedAt: SLOT + n * MINUTE,
    ...more,
  }));
  return withParts(made, ...failed);
};
const now = SLOT + DAY_OF_TRIES * MINUTE;
const deletesOf = (points: readonly Point[]) => only(plan(world({ points, now })), "delete");
const source = point({ at: SLOT - HOUR, parts: { "vol-1": "completed", "vol-2": "completed" } });

describe("planner: failed tries", () => {
  it("that still count are those that make the pause longest", () => {
    expect(pauseAfter(FAILURES_COUNTED)).to.equal(pauseAfter(1000));
    expect(pauseAfter(FAILURES_COUNTED - 1)).to.be.below(pauseAfter(1000));
  });

  it("of a copy that always fails do not pile up, and its data and its pause stay", () => {
    const copy = tried({ "vol-1": "error", "vol-2": "completed" });
    const [gone, ...more] = deletesOf([source, copy]);
    expect(more).to.deep.equal([]);
    expect(gone?.reason).to.equal("failed try: newer ones failed too");
    const left = copy.artifacts.filter((part) => !gone?.artifacts.includes(part.id));
    expect(left.filter((part) => part.state === "error").map((part) => part.id)).to.deep.equal(
      [16, 17, 18, 19, 20, 21, 22, 23].map((n) => `snap-try-${n}`),
    );
    expect(left.filter((part) => part.state === "completed")).to.have.length(1);
    const after = plan(world({ points: [source, { ...copy, artifacts: left }], now }));
    expect(only(after, "delete")).to.deep.equal([]);
    expect(only(after, "copy"), "the pause is as long as before").to.deep.equal([]);
  });

  it("stay where somebody holds one, or the home region is unknown", () => {
    const copy = tried({ "vol-1": "error", "vol-2": "completed" });
    expect(
      deletesOf([source, tried({ "vol-1": "error", "vol-2": "completed" }, { holds: ["KeepForever"] })]),
    ).to.deep.equal([]);
    const blind = plan(world({ points: [copy], now, unknown: { "us-east-1": "region down" } }));
    expect(only(blind, "delete")).to.deep.equal([]);
  });

  it("of many points go with their points, but for what has data", () => {
    const failed = Array.from({ length: 12 }, (_, h) => point({ at: SLOT - h * HOUR, parts: { "vol-1": "error" } }));
    const half = point({ at: SLOT - 20 * HOUR, parts: { "vol-1": "error", "vol-2": "completed" } });
    const points = [...failed, half];
    const actions = plan(world({ points, policies: [policy({ copy: [] })] }));
    expect(only(actions, "delete").map((one) => one.point)).to.deep.equal(
      failed
        .slice(FAILURES_COUNTED)
        .map((one) => one.id)
        .toReversed(),
    );
    expect(verdict(actions, failed[11] ?? half)).to.equal("delete: failed, and newer tries failed too");
    expect(verdict(actions, half)).to.match(/^keep: failed/);
  });
});
