import { expect } from "chai";
import type { Point, Policy, Resource } from "../../../core/model/model.js";
import { status } from "../../../core/report/status.js";
import { RULES } from "../../../kinds/rules.js";
import {
  DR,
  HOUR,
  instance,
  MINUTE,
  only,
  plan,
  point,
  policy,
  SLOT,
  type WorldInput,
  world,
} from "../../core/worlds.js";
import { ebs } from "../../support/ebs.js";

const tagged = { Backup: "hourly" };
const host = instance("i-1", ["vol-1", "vol-2"]);
const single = (id: string): Resource => ({ ...instance(id, [id]), kind: "volume", tags: tagged });
const sets = policy({ name: "sets" });
const volumes = policy({ name: "volumes", kinds: ["volume"] });
const due = (policies: readonly Policy[], over: WorldInput = {}) =>
  only(plan(world({ policies, resources: [host, single("vol-1"), single("vol-9")], ...over })), "create").map(
    ({ policy: name, resource }) => `${name} ${resource}`,
  );
const set = (at: number, over: Partial<Parameters<typeof point>[0]> = {}): Point =>
  point({ at, policy: "sets", parts: { "vol-1": "completed", "vol-2": "completed" }, ...over });

describe("single volumes and sets that have them", () => {
  it("a volume that a due set covers is not snapshotted again, one that none covers is", () => {
    expect(due([sets, volumes])).to.deep.equal(["sets i-1", "volumes vol-9"]);
    expect(due([volumes, sets]), "whatever the order").to.deep.equal(["sets i-1", "volumes vol-9"]);
    expect(due([volumes])).to.deep.equal(["volumes vol-1", "volumes vol-9"]);
    expect(due([policy({ name: "both", kinds: ["instance", "volume"] })])).to.deep.equal(["both i-1", "both vol-9"]);
  });

  it("also: true has its own points all the same", () => {
    expect(due([sets, { ...volumes, ...ebs({ also: true }) }])).to.deep.equal([
      "sets i-1",
      "volumes vol-1",
      "volumes vol-9",
    ]);
  });

  it("a set of the slot or a later one meets it while it is made and when it is there, not an older or a failed one", () => {
    const own = ["volumes vol-1", "volumes vol-9"];
    const later = { ...sets, schedule: "rate(1 day)" };
    for (const state of ["pending", "completed"] as const) {
      expect(
        due([later, volumes], { points: [set(SLOT, { parts: { "vol-1": state, "vol-2": "completed" } })] }),
      ).to.deep.equal(["volumes vol-9"]);
    }
    expect(due([later, volumes], { points: [set(SLOT - HOUR)] })).to.deep.equal(own);
    const parts = { "vol-1": "completed", "vol-2": "error" } as const;
    const failed = [set(SLOT, { parts }), set(SLOT + 19 * MINUTE, { parts, late: MINUTE / 2 })];
    expect(due([later, volumes], { points: failed.slice(0, 1) }), "it is tried again at once").to.deep.equal([
      "sets i-1",
      "volumes vol-9",
    ]);
    expect(due([later, volumes], { points: failed }), "its next try waits").to.deep.equal(own);
    const without = set(SLOT, { parts: { "vol-2": "completed" } });
    expect(due([later, volumes], { points: [without] })).to.deep.equal(own);
  });

  it("a set that excludes the volume, or is not copied where the volume's own points would be, does not cover it", () => {
    const own = ["sets i-1", "volumes vol-1", "volumes vol-9"];
    expect(due([{ ...sets, ...ebs({ exclude: { devices: ["/dev/sda"] } }) }, volumes])).to.deep.equal(own);
    expect(due([{ ...sets, copy: [] }, volumes])).to.deep.equal(own);
    expect(due([sets, { ...volumes, copy: [] }])).to.deep.equal(["sets i-1", "volumes vol-9"]);
    const far = instance("i-1", ["vol-1", "vol-2"], { tags: { ...tagged, BackupCrossRegion: "eu-west-1" } });
    const other = policy({
      name: "far",
      select: { key: "Far" },
      copy: [{ region: "eu-west-1", retain: { count: 1 } }],
    });
    expect(due([sets, volumes, other], { resources: [far, single("vol-1")] })).to.deep.equal([
      "sets i-1",
      "volumes vol-1",
    ]);
  });

  it("waits an hour for a set that is due, not for ever: AWS may refuse it", () => {
    expect(due([sets, volumes], { now: SLOT + 59 * MINUTE })).to.have.length(2);
    const daily = (one: Policy): Policy => ({ ...one, schedule: "rate(1 day)" });
    expect(due([daily(sets), daily(volumes)])).to.have.length(3);
  });

  it("an answered request for volumes alone makes their points", () => {
    const points = [
      set(SLOT),
      point({ at: SLOT, policy: "volumes", resource: "vol-9", parts: { "vol-9": "completed" } }),
    ];
    expect(due([sets, volumes], { points })).to.deep.equal([]);
    const requests = [{ at: SLOT + MINUTE, policy: "volumes", resources: ["vol-1"] }];
    expect(due([sets, volumes], { points, requests })).to.deep.equal(["volumes vol-1"]);
    expect(due([sets, volumes], { points, requests: [{ at: SLOT + MINUTE }] })).to.deep.equal([
      "sets i-1",
      "volumes vol-9",
    ]);
  });

  it("its age is that of the newest set with it, in each region, and it lacks nothing", () => {
    const points = [set(SLOT - HOUR), set(SLOT), set(SLOT - HOUR, { region: DR })];
    const seen = world({ policies: [sets, volumes], resources: [host, single("vol-1")], points });
    const row = status([seen], RULES, []).resources.find(({ id }) => id === "vol-1");
    expect(row?.problems).to.deep.equal([]);
    expect(row?.points[DR]?.newest).to.equal(new Date(SLOT - HOUR + MINUTE).toISOString());
    const alone = world({
      policies: [sets, { ...volumes, ...ebs({ also: true }) }],
      resources: [host, single("vol-1")],
      points,
    });
    expect(status([alone], RULES, []).resources.find(({ id }) => id === "vol-1")?.problems).to.have.length(2);
  });
});
