import { expect } from "chai";
import {
  DAY,
  DR,
  HOME,
  HOUR,
  instance,
  NOW,
  only,
  plan,
  point,
  policy,
  SLOT,
  type WorldInput,
  world,
} from "../../worlds.js";
import { announced, daysAgo, gone, KEPT, left, told, verdicts } from "./ended.js";

const local = { policies: [policy({ retain: { count: 2 }, copy: [] })] };

describe("planner: how it ends", () => {
  describe("F-S17 A-X11 C-X20 D1-X11: a resource that left the selection, or is no more", () => {
    it("expires by the rule that was last recorded on its points, and keeps what that counts", () => {
      const rule = told({ count: 3 });
      const points = [1, 2, 3, 4, 5].map((days) => daysAgo(days, {}, days === 1 ? rule : told({ count: 1 })));
      for (const input of [left, gone]) {
        expect(verdicts(points, { ...local, ...input })).to.deep.equal([
          "keep: newest completed; count 1 of 3",
          "keep: count 2 of 3",
          "keep: count 3 of 3",
          "delete: past count 3",
          "delete: past count 3",
        ]);
      }
    });

    it("expires by its policy where its points are older than such tags", () => {
      const points = [1, 2, 3].map((days) => daysAgo(days));
      expect(verdicts(points, { ...local, ...left })[2]).to.equal("delete: past count 2");
    });

    it("keeps all that its rule keeps for 90 days after the newest, so that a slip can be mended", () => {
      const points = [88, 89, 90, 200].map((days) => daysAgo(days, {}, told({ count: 2, ageMs: 7 * DAY })));
      expect(verdicts(points, { ...local, ...left }).map((said) => said?.slice(0, 4))).to.deep.equal([
        "keep",
        "keep",
        "keep",
        "dele",
      ]);
    });

    it("after that ages and tiers count from now, a count has ended, and the last point stays", () => {
      const points = [91, 92, 120, 300, 430].map((days) =>
        daysAgo(days, {}, told({ count: 9, ageMs: 7 * DAY, monthly: 12 })),
      );
      expect(verdicts(points, { ...local, ...left })).to.deep.equal([
        "keep: newest completed; monthly 4 of 12",
        `delete: ${KEPT} and older than 7d and not the newest of its month`,
        "keep: monthly 5 of 12",
        "keep: monthly 11 of 12",
        `delete: ${KEPT} and older than 7d and past 12 months`,
      ]);
    });

    it("the last point of a resource that is there stays for ever; of one that is no more, until people were told for 90 days", () => {
      const points = [200, 201].map((days) => daysAgo(days, {}, told({ count: 9 })));
      const last = (input: WorldInput): string | undefined => verdicts(points, { ...local, ...input })[0];
      expect(last({ ...left, ...announced(400) })).to.equal("keep: newest completed");
      expect(last(gone)).to.equal("keep: newest completed");
      expect(last({ ...gone, ...announced(89) })).to.equal("keep: newest completed");
      expect(last({ ...gone, ...announced(90, DR) }), "told elsewhere").to.equal("keep: newest completed");
      expect(last({ ...gone, ...announced(90) })).to.equal(`delete: ${KEPT}`);
      const held = [daysAgo(200, { holds: ["KeepForever"] }, told({ count: 9 }))];
      expect(verdicts(held, { ...local, ...gone, ...announced(900) })).to.deep.equal(["keep: hold KeepForever"]);
      const yearly = [daysAgo(200, {}, told({ yearly: 7 }))];
      expect(verdicts(yearly, { ...local, ...gone, ...announced(100) })).to.deep.equal(["keep: yearly 1 of 7"]);
    });

    it("the time is the deployment's to choose", () => {
      const points = [20, 21].map((days) => daysAgo(days, {}, told({ count: 9 })));
      const input = { ...local, ...gone, ...announced(15), orphanAfterMs: 14 * DAY };
      expect(verdicts(points, input)).to.deep.equal([`delete: ${KEPT}`, `delete: ${KEPT}`]);
    });

    it("tells of a resource that is no more in each region that has points of it, and of no other", () => {
      const points = [daysAgo(1), daysAgo(1, { region: DR })];
      const alerts = (input: WorldInput) =>
        only(plan(world({ points, ...input })), "alert").filter(({ cause }) => cause === "resource-gone");
      expect(alerts(gone).map(({ region, resource, policy: name }) => [region, resource, name])).to.deep.equal([
        [HOME, "i-1", "hourly"],
        [DR, "i-1", "hourly"],
      ]);
      expect([...alerts(left), ...alerts({}), ...alerts({ unknown: { [HOME]: "down" } })]).to.deep.equal([]);
    });

    it("is there while its volume is there, attached or not, whoever has a policy for volumes", () => {
      const made = { ...daysAgo(200, { resource: "vol-9" }, told({ count: 1 })), kind: "volume" as const };
      const memory = { announced: [{ region: HOME, policy: "hourly", resource: "vol-9", since: 0 }] };
      const attached = { resources: [instance("i-7", ["vol-9"], { tags: {} })] };
      for (const there of [{ otherMembers: ["vol-9"] }, attached]) {
        expect(verdicts([made], { ...local, ...there, memory })).to.deep.equal(["keep: newest completed"]);
      }
      expect(verdicts([made], { ...local, memory })).to.deep.equal([`delete: ${KEPT}`]);
    });

    it("leaves nothing behind: what failed or lost a snapshot goes too, with nobody to try again", () => {
      const failed = daysAgo(200, { parts: { "vol-1": "error" } }, told({ count: 1 }));
      const half = daysAgo(201, { size: 2 }, told({ count: 1 }));
      expect(verdicts([failed, half], { ...local, ...gone })).to.deep.equal([
        "delete: failed, and nobody tries again",
        `delete: incomplete, and ${KEPT}`,
      ]);
      expect(
        verdicts([daysAgo(2, { parts: { "vol-1": "error" } }, told({ count: 1 }))], { ...local, ...gone })[0],
      ).to.contain("no newer one is complete");
    });

    it("is not gone because its region cannot be read: nothing ends in a disaster, however long", () => {
      const there = [400, 401, 402].map((days) => daysAgo(days, { region: DR }, told({ count: 1 })));
      const input = { ...announced(300, DR), unknown: { [HOME]: "region down" }, policies: [policy()] };
      for (const said of verdicts(there, input)) expect(said).to.match(/^keep: us-east-1 is unknown: region down/);
    });
  });

  describe("a policy that was deleted", () => {
    const none: WorldInput = { policies: [], resources: [instance()] };

    it("goes on expiring its points at home by their own rule", () => {
      const points = [1, 2, 3].map((days) => daysAgo(days, {}, told({ count: 2 })));
      expect(verdicts(points, none)).to.deep.equal([
        "keep: newest completed; count 1 of 2",
        "keep: count 2 of 2",
        "delete: past count 2",
      ]);
    });

    it("and its copies by theirs, also where only the region was taken out of it", () => {
      const there = [1, 2, 3].map((days) => daysAgo(days, { region: DR }, told({ daily: 1 })));
      for (const policies of [[], [policy({ copy: [] })]]) {
        expect(verdicts(there, { policies, unknown: {} }).map((said) => said?.slice(0, 4))).to.deep.equal([
          "keep",
          "dele",
          "dele",
        ]);
      }
    });

    it("waits for the copies that it asked for, and sees their region, until 90 days are over", () => {
      const rule = told({ count: 1 }, [DR]);
      const [young, old] = [
        [1, 2, 3].map((days) => daysAgo(days, {}, rule)),
        [91, 92, 93].map((days) => daysAgo(days, {}, rule)),
      ];
      const copied = daysAgo(3, { region: DR }, told({ count: 1 }));
      expect(verdicts([...young, copied], none).slice(0, 3)).to.deep.equal([
        "keep: newest completed; count 1 of 1; copy to us-west-2 not seen completed",
        "keep: copy to us-west-2 not seen completed",
        "delete: past count 1",
      ]);
      expect(verdicts(young, none)[2]).to.equal(
        "keep: us-west-2 is unknown: not surveyed; copy to us-west-2 not seen completed",
      );
      expect(verdicts(old, none).slice(1)).to.deep.equal([`delete: ${KEPT}`, `delete: ${KEPT}`]);
    });

    it("keeps everything where its points tell no rule, and what they tell is not heeded while it is there", () => {
      const points = [1, 2, 3].map((days) => daysAgo(days));
      expect(
        verdicts(points, none).every((said) => said?.startsWith("keep: policy gone, and its points tell none")),
      ).to.equal(true);
      const sly = [1, 2, 3].map((days) => daysAgo(days, {}, told({ count: 1 })));
      expect(verdicts(sly, local)[1]).to.equal("keep: count 2 of 2");
    });

    it("is told of once in each region, with how many points it leaves", () => {
      const points = [1, 2].flatMap((days) => [
        daysAgo(days),
        daysAgo(days, { resource: "i-9" }),
        daysAgo(days, { region: DR }),
      ]);
      const alerts = only(
        plan(world({ points, policies: [], resources: [instance(), instance("i-9", ["vol-9"])] })),
        "alert",
      );
      expect(alerts.map(({ cause, region, policy: name, resource }) => [cause, region, name, resource])).to.deep.equal([
        ["policy-gone", HOME, "hourly", ""],
        ["policy-gone", DR, "hourly", ""],
      ]);
      expect(alerts.map(({ reason }) => Number.parseInt(reason.replace(/\D+/, ""), 10))).to.deep.equal([4, 2]);
    });

    it("comes back under its name and takes its points over", () => {
      const points = [100, 101, 102].map((days) => daysAgo(days, {}, told({ count: 1 })));
      expect(verdicts(points, { ...local, now: NOW + HOUR })).to.deep.equal([
        "keep: newest completed; count 1 of 2",
        "keep: count 2 of 2",
        "delete: past count 2",
      ]);
    });
  });

  it("writes the rule of its region on every new point and copy", () => {
    const [create] = only(plan(world()), "create");
    expect(create?.recorded).to.equal("count=2 copies=us-west-2");
    expect(only(plan(world({ points: [point({ at: SLOT })] })), "copy")[0]?.recorded).to.equal("count=3");
  });
});
