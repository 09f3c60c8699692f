import { expect } from "chai";
import { pointId } from "../../../core/names/identity.js";
import { REQUEST_AHEAD_MS } from "../../../core/planner/creates.js";
import { DAY, DR, HOME, HOUR, instance, MINUTE, NOW, only, plan, point, policy, SLOT, world } from "../worlds.js";

const creates = (input: Parameters<typeof world>[0]) => only(plan(world(input)), "create");

describe("planner: creates", () => {
  it("makes a point for the newest slot, of all volumes, with an identity that can be computed again", () => {
    const resources = [instance("i-1", ["vol-2", "vol-1"])];
    const [create, ...more] = creates({ resources });
    expect(more).to.deep.equal([]);
    expect(create).to.deep.include({
      region: HOME,
      policy: "hourly",
      resource: "i-1",
      kind: "instance",
      scheduled: SLOT,
      point: pointId({ policy: "hourly", home: HOME, resource: "i-1", scheduled: SLOT }),
      reason: "due by rate(1 hour)",
    });
    expect(create?.members.map(({ id }) => id)).to.deep.equal(["vol-1", "vol-2"]);
  });

  it("makes only the newest of missed slots", () => {
    expect(creates({ points: [point({ at: SLOT - 5 * HOUR })] }).map((c) => c.scheduled)).to.deep.equal([SLOT]);
  });

  for (const state of ["completed", "pending"] as const) {
    it(`makes nothing while the slot is met by a ${state} point`, () => {
      expect(creates({ points: [point({ at: SLOT, parts: { "vol-1": state } })] })).to.deep.equal([]);
    });
  }

  it("tries a failed slot again, under another identity, with growing pauses", () => {
    const failed = (at: number) => point({ at, parts: { "vol-1": "error" } });
    const first = failed(SLOT);
    const [again] = creates({ points: [first] });
    expect(again?.scheduled).to.equal(SLOT + MINUTE + 1000);
    expect(again?.point).to.not.equal(first.id);
    expect(again?.reason).to.contain("try 2").and.contain(first.id);

    const second = point({ at: SLOT + MINUTE + 1000, parts: { "vol-1": "error" }, late: 0 });
    const points = [first, second];
    expect(creates({ points, now: second.scheduled + MINUTE - 1 })).to.deep.equal([]);
    const [third] = creates({ points, now: second.scheduled + MINUTE });
    expect(third?.scheduled).to.equal(second.scheduled + MINUTE);
    // The next run computes the same, so a lost answer makes no second one.
    expect(creates({ points, now: second.scheduled + 5 * MINUTE })).to.deep.equal([third]);
    // A new slot does not wait for the pause.
    expect(creates({ points, now: SLOT + HOUR }).map((c) => c.scheduled)).to.deep.equal([SLOT + HOUR]);
  });

  it("makes a point anew whose set lost a snapshot, but not while the rest of it may only not be seen yet", () => {
    const points = [point({ at: SLOT, parts: { "vol-1": "completed" }, size: 2 })];
    const seenAt = SLOT + MINUTE + 15 * MINUTE;
    expect(creates({ points, now: seenAt })[0]?.reason).to.contain("is incomplete");
    const early = plan(world({ points, now: seenAt - 1 }));
    expect(early.map((action) => [action.do, action.reason])).to.deep.equal([["keep", "in flight"]]);
  });

  it("owes no slot from before the resource existed", () => {
    const made = (createdAt: number) => {
      const base = instance();
      return [{ ...base, members: base.members.map((volume) => ({ ...volume, createdAt })) }];
    };
    expect(creates({ resources: made(SLOT + 1) })).to.deep.equal([]);
    expect(creates({ resources: made(SLOT) })).to.have.length(1);
    expect(creates({ resources: made(SLOT + 1), requests: [{ at: SLOT + 5 }] })).to.have.length(1);
  });

  it("serves a request once, for whom it names, within the hour", () => {
    const points = [point({ at: SLOT })];
    const at = NOW - MINUTE;
    const [create, ...more] = creates({ points, requests: [{ at }] });
    expect(create).to.include({ scheduled: at, reason: "asked for" });
    expect(more).to.deep.equal([]);
    expect(creates({ points: [...points, point({ at })], requests: [{ at }] })).to.deep.equal([]);
    expect(creates({ points, requests: [{ at, policy: "daily" }] })).to.deep.equal([]);
    expect(creates({ points, requests: [{ at, resources: ["i-2"] }] })).to.deep.equal([]);
    expect(creates({ points, requests: [{ at, policy: "hourly", resources: ["i-1"] }] })).to.have.length(1);
    const yearly = [policy({ schedule: "cron(0 3 1 1 ? *)" })];
    const old = [point({ at: NOW - 3 * DAY }), point({ at: NOW - 2 * DAY })];
    expect(creates({ points: old, policies: yearly, requests: [{ at: NOW - HOUR }] })).to.have.length(1);
    expect(creates({ points: old, policies: yearly, requests: [{ at: NOW - HOUR - 1 }] })).to.deep.equal([]);
  });

  it("serves a request that came after the survey began, or by a clock that is ahead, once, and not what is far ahead", () => {
    const [ahead, far] = [NOW + REQUEST_AHEAD_MS, NOW + REQUEST_AHEAD_MS + 1];
    const points = [point({ at: SLOT })];
    expect(creates({ points, requests: [{ at: ahead }] }).map((c) => c.scheduled)).to.deep.equal([ahead]);
    expect(creates({ points: [...points, point({ at: ahead })], requests: [{ at: ahead }] })).to.deep.equal([]);
    expect(creates({ points, requests: [{ at: far }] })).to.deep.equal([]);
  });

  it("makes one point for a request and a slot that are both open, the newer", () => {
    expect(
      creates({ requests: [{ at: NOW - 2 * HOUR }, { at: NOW }, { at: NOW - 1 }] }).map((c) => c.scheduled),
    ).to.deep.equal([NOW]);
    expect(creates({ requests: [{ at: SLOT - MINUTE }] }).map((c) => c.scheduled)).to.deep.equal([SLOT]);
  });

  it("makes nothing where the home region is unknown", () => {
    expect(creates({ unknown: { [HOME]: "AccessDenied" }, resources: [instance()] })).to.deep.equal([]);
  });

  it("goes on creating where the copy region is unknown", () => {
    expect(creates({ unknown: { [DR]: "timed out" } })).to.have.length(1);
  });

  it("does not let one resource or policy stand for another", () => {
    const resources = [instance("i-1"), instance("i-2", ["vol-2"]), instance("i-3", ["vol-3"], { tags: {} })];
    const policies = [policy(), policy({ name: "daily", schedule: "cron(0 3 * * ? *)" })];
    const points = [point({ at: SLOT })];
    const made = creates({ resources, policies, points }).map((c) => [c.resource, c.policy]);
    expect(made).to.deep.equal([
      ["i-1", "daily"],
      ["i-2", "daily"],
      ["i-2", "hourly"],
    ]);
  });

  it("throws on a schedule that nobody checked, instead of skipping backups", () => {
    expect(() => plan(world({ policies: [policy({ schedule: "hourly" })] }))).to.throw(
      /policy hourly: schedule "hourly"/,
    );
  });
});
