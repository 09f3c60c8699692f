import { expect } from "chai";
import { actionsFor } from "../../../../core/planner/planner.js";
import { adviceOn } from "../../../../core/report/advice.js";
import { RULES } from "../../../../kinds/rules.js";
import { DR, HOME, HOUR, instance, only, plan, point, policy, SLOT, withParts, world } from "../../worlds.js";

const alerts = (input: Parameters<typeof world>[0]) =>
  only(plan(world(input)), "alert").map(({ do: _, ...alert }) => alert);
const none = { policy: "", resource: "", point: "" };

describe("planner: alerts", () => {
  it("is silent when all is well", () => {
    expect(alerts({ points: [point({ at: SLOT }), point({ at: SLOT, region: DR })] })).to.deep.equal([]);
  });

  it("tells resource, policy and cause of failed points and copies", () => {
    const failed = point({ at: SLOT, parts: { "vol-1": "error", "vol-2": "pending" } });
    const source = point({ at: SLOT - HOUR });
    const copy = point({ at: SLOT - HOUR, region: DR, parts: { "vol-1": "error" } });
    const about = { policy: "hourly", resource: "i-1", reason: "vol-1: no such key", kind: "ebs" };
    expect(alerts({ points: [failed, source, copy] })).to.deep.equal([
      { ...about, region: HOME, point: failed.id, cause: "point-failed" },
      { ...about, region: DR, point: copy.id, cause: "copy-failed" },
    ]);
  });

  it("tells in the home region of points whose copies nobody makes, and how many wait", () => {
    const ats = [SLOT - 26 * HOUR, SLOT - 25 * HOUR, SLOT];
    const points = ats.map((at) => point({ at }));
    const [told, ...more] = alerts({ points });
    expect(more).to.deep.equal([]);
    expect(told).to.include({ cause: "copy-overdue", region: HOME, policy: "hourly", resource: "i-1" });
    expect(told).to.have.property("point", points[0]?.id);
    expect(told?.reason).to.contain("3 point(s) since 2026-11-20T05:00:00.000Z").and.to.contain(DR);
    const overdue = (input: Parameters<typeof world>[0]) =>
      alerts(input).filter(({ cause }) => cause === "copy-overdue");
    expect(overdue({ points: [...points, point({ at: SLOT - HOUR, region: DR })] }), "a newer copy").to.deep.equal([]);
    expect(overdue({ points: points.slice(2) }), "a young point").to.deep.equal([]);
    expect(overdue({ points, policies: [policy({ copy: [] })] }), "no copies are wanted").to.deep.equal([]);
    expect(overdue({ points, unknown: { [DR]: "down" } }), "copies that cannot be seen").to.deep.equal([]);
    const weekly = policy({ schedule: "cron(0 3 ? * 1 *)" });
    expect(overdue({ points, policies: [weekly] }), "a schedule that is slow itself").to.deep.equal([]);
    const pending = point({ at: SLOT - 26 * HOUR, region: DR, parts: { "vol-1": "pending" } });
    expect(overdue({ points: [...points, pending] }), "a copy that never ends").to.have.length(1);
  });

  it("is content when another try of a copy is complete", () => {
    const copy = withParts(point({ at: SLOT, region: DR }), { id: "snap-0", state: "error", cause: "gone" });
    expect(alerts({ points: [point({ at: SLOT }), copy] })).to.deep.equal([]);
  });

  it("tells of a set that lost a snapshot while it is the newest, not of a copy that is under way", () => {
    const half = point({ at: SLOT, size: 2 });
    expect(alerts({ points: [half] })[0]).to.include({ cause: "point-failed", reason: "incomplete: 1 of 2 snapshots" });
    expect(alerts({ points: [half] }).map((one) => adviceOn(one, RULES))[0])
      .to.contain("a volume was detached")
      .and.not.to.contain("KMS");
    expect(alerts({ points: [half, point({ at: SLOT + HOUR })] })).to.deep.equal([]);
    const parts = { "vol-1": "completed", "vol-2": "completed" } as const;
    expect(alerts({ points: [point({ at: SLOT, parts }), { ...half, region: DR }] })).to.deep.equal([]);
  });

  it("tells which regions are unknown, whoever has to hear it", () => {
    const unknown = { [DR]: "AccessDenied on page 3" };
    const told = { ...none, region: DR, cause: "region-unknown", reason: "AccessDenied on page 3" };
    expect(alerts({ unknown })).to.deep.equal([told]);
    expect(actionsFor(HOME, plan(world({ unknown, points: [point({ at: SLOT })] }))).map((a) => a.do)).to.deep.equal([
      "keep",
      "alert",
    ]);
  });

  it("tells that a policy selects nothing, but not where it cannot know", () => {
    const told = { ...none, region: HOME, policy: "hourly", cause: "nothing-selected" };
    expect(alerts({ resources: [] })).to.deep.equal([{ ...told, reason: "no resource has the tag Backup=hourly" }]);
    const shouting = [instance("i-1", ["vol-1"], { tags: { Backup: "HOURLY" } })];
    expect(alerts({ resources: shouting })).to.have.length(1);
    expect(alerts({ unknown: { [HOME]: "down" } }).map((a) => a.cause)).to.deep.equal(["region-unknown"]);
  });

  it("tells of an instance without volumes instead of passing it over", () => {
    const told = alerts({ resources: [instance("i-1", []), instance("i-2", ["vol-2"])] });
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ cause: "nothing-selected", resource: "i-1", policy: "hourly" });
    expect(told.map((one) => adviceOn(one, RULES))[0])
      .to.contain("attach its volume")
      .and.not.to.contain("protects nothing");
  });

  it("is content, after a day, with what is made up for and only stays because somebody holds it", () => {
    const parts = { "vol-1": "completed", "vol-2": "error" } as const;
    const heldIn = (region: string, at: number) => {
      const made = point({ at, region, parts });
      return { ...made, artifacts: made.artifacts.map((part) => ({ ...part, holds: ["locked (governance)"] })) };
    };
    const newer = point({ at: SLOT, size: 1 });
    const policies = [policy({ copy: [] })];
    const causes = (input: Parameters<typeof world>[0]) => alerts({ policies, ...input }).map(({ cause }) => cause);
    expect(causes({ points: [heldIn(HOME, SLOT - 25 * HOUR), newer] })).to.deep.equal([]);
    expect(causes({ points: [heldIn(HOME, SLOT - 22 * HOUR), newer] }), "within the day").to.deep.equal([
      "point-failed",
    ]);
    expect(causes({ points: [heldIn(HOME, SLOT - 25 * HOUR)] }), "nothing newer").to.deep.equal([
      "point-failed",
      "point-overdue",
    ]);
    const copied = [heldIn(DR, SLOT - 25 * HOUR), { ...newer, region: DR }, newer];
    expect(causes({ points: copied, policies: [policy({})] })).to.deep.equal([]);
    const old = { startedAt: SLOT - 25 * HOUR };
    const twice = withParts(point({ at: SLOT - 26 * HOUR }), { id: "snap-b", ...old, holds: ["KeepForever"] });
    expect(causes({ points: [twice] })).to.deep.equal(["point-overdue"]);
  });

  it("tells of a point that was made twice", () => {
    const doubled = withParts(point({ at: SLOT }), { id: "snap-b", startedAt: SLOT + HOUR });
    const [told] = alerts({ points: [doubled], policies: [policy({ copy: [] })] });
    expect(told).to.include({ cause: "duplicate-point", point: doubled.id });
    expect(told?.reason).to.contain("snap-b");
  });
});
