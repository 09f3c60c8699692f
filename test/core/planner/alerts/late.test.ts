import { expect } from "chai";
import { plannedTroubles } from "../../../../core/planner/planner.js";
import { adviceOn } from "../../../../core/report/advice.js";
import { RULES } from "../../../../kinds/rules.js";
import { ebs } from "../../../support/ebs.js";
import {
  DAY,
  DR,
  HOME,
  HOUR,
  instance,
  MINUTE,
  NOW,
  plan,
  point,
  policy,
  SLOT,
  type WorldInput,
  world,
} from "../../worlds.js";

const told = (input: WorldInput) => plannedTroubles(plan(world(input)));
const of = (cause: string, input: WorldInput) => told(input).filter((one) => one.cause === cause);
const about = (cause: string, input: WorldInput) =>
  of(cause, input).map(({ region, resource, policy: name, reason }) => `${region} ${resource} ${name}: ${reason}`);
const daily = policy({ schedule: "cron(0 3 * * ? *)", copy: [{ region: DR, retain: { count: 3 } }] });
/** Of the day so many days ago, started a minute after its slot. */
const THREE = Date.UTC(2026, 10, 21, 3);
const home = (days: number, state: "completed" | "pending" | "error" = "completed") =>
  point({ at: THREE - days * DAY, parts: { "vol-1": state } });
const away = (days: number, state: "completed" | "pending" | "error" = "completed") =>
  point({ at: THREE - days * DAY, region: DR, parts: { "vol-1": state } });
const at = (days: number, minutes = 1) => new Date(THREE - days * DAY + minutes * MINUTE).toISOString();

describe("planner: what is late", () => {
  it("is a resource that missed a slot and the grace after it, in each region by its own points", () => {
    const policies = [daily];
    expect(about("point-overdue", { policies, points: [home(1), away(1)] })).to.deep.equal([]);
    const points = [home(2), away(2)];
    expect(about("point-overdue", { policies, points })).to.deep.equal([
      `${HOME} i-1 hourly: the newest is from ${at(2)}; none was made since`,
      `${DR} i-1 hourly: the newest is from ${at(2)}; ${HOME} has none that is newer`,
    ]);
    expect(about("point-overdue", { policies, points: [home(0), home(2), away(2)] })).to.deep.equal([
      `${DR} i-1 hourly: the newest is from ${at(2)}; no copy of a newer one was begun`,
    ]);
    const early = { policies, points, now: THREE + 59 * MINUTE };
    expect(about("point-overdue", early), "a copy has an hour more").to.have.length(1);
  });

  it("names the snapshots that EBS is at, since when and how far, and why the last try failed", () => {
    const points = [home(5), home(4, "pending"), home(2, "error"), home(1, "pending"), away(5)];
    const [reason] = about("point-overdue", { policies: [daily], points });
    expect(reason).to.contain(`2 snapshot(s) in progress since ${at(4)}: ${home(4).artifacts[0]?.id} of vol-1 at 40 %`);
    expect(reason).to.contain("the last try failed: no such key");
    const copying = [home(0), home(1), home(3), away(3), away(1, "pending")];
    expect(about("point-overdue", { policies: [daily], points: copying })).to.deep.equal([
      `${DR} i-1 hourly: the newest is from ${at(3)}; 1 copies in progress since ${at(1, 11)}: ${away(1).artifacts[0]?.id} of vol-1 at 40 %`,
    ]);
  });

  it("is not what others tell of, nor the first one while EBS is at it", () => {
    const none = (input: WorldInput) =>
      expect(about("point-overdue", { policies: [daily], ...input })).to.deep.equal([]);
    none({ points: [] });
    none({ points: [home(1, "pending"), home(0, "pending")] });
    none({ points: [home(9)], resources: [] });
    none({ points: [home(9)], resources: [instance("i-1", [])] });
    none({ points: [home(9)], policies: [{ ...daily, ...ebs({ exclude: { boot: true } }) }] });
    none({ points: [home(9)], policies: [{ ...daily, schedule: "cron(0 3 1 1 ? 2031)" }] });
    none({ points: [away(9)], unknown: { [HOME]: "down" } });
    const never = { policies: [daily], points: [home(4, "pending")] };
    expect(about("point-overdue", never)[0], "but what hangs").to.contain("there is none; 1 snapshot(s) in progress");
  });

  it("is not a volume that has a point in its instance's set", () => {
    const volume = { ...instance("vol-1", ["vol-1"], { tags: { Keep: "1" } }), kind: "volume" as const };
    const volumes = policy({ name: "volumes", select: { key: "Keep" }, kinds: ["volume"], copy: [] });
    const old = { ...point({ at: SLOT - 9 * HOUR, policy: "volumes", resource: "vol-1" }), kind: "volume" as const };
    const policies = [policy({ copy: [] }), volumes];
    const input = { policies, resources: [instance(), volume] };
    expect(of("point-overdue", { ...input, points: [point({ at: SLOT }), old] })).to.deep.equal([]);
    expect(about("point-overdue", { ...input, points: [old] })).to.have.length(1);
  });
});

describe("planner: what hangs", () => {
  it("is a snapshot or copy that EBS is at for a day and a half and longer, by name, in the region that has it", () => {
    const points = [home(0), home(2, "pending"), home(3, "pending"), away(0), away(2, "pending")];
    expect(about("point-hangs", { policies: [daily], points })).to.deep.equal([
      `${HOME} i-1 hourly: 2 in progress since ${at(3)}: ${home(3).artifacts[0]?.id} of vol-1 at 40 %, ${home(2).artifacts[0]?.id} of vol-1 at 40 %`,
    ]);
    expect(about("copy-hangs", { policies: [daily], points })).to.deep.equal([
      `${DR} i-1 hourly: 1 in progress since ${at(2, 11)}: ${away(2).artifacts[0]?.id} of vol-1 at 40 %; they take 1 of the copy slots of ${DR} until they end`,
    ]);
    expect(about("point-hangs", { policies: [daily], points: [home(1, "pending")] })).to.deep.equal([]);
  });

  it("is a large volume's later, which takes long", () => {
    const large = (days: number) => {
      const made = home(days, "pending");
      return { ...made, artifacts: made.artifacts.map((part) => ({ ...part, sizeGiB: 16_384 })) };
    };
    expect(of("point-hangs", { points: [large(9)] })).to.deep.equal([]);
    expect(of("point-hangs", { points: [large(10)] })).to.have.length(1);
  });

  it("is told alone where another snapshot of the set failed, once a newer point is whole", () => {
    const stuck = point({ at: THREE - 3 * DAY, parts: { "vol-1": "pending", "vol-2": "error" } });
    const causes = (points: WorldInput["points"]) =>
      told({ policies: [daily], points: points ?? [] })
        .filter(({ point: id }) => id === stuck.id)
        .map(({ cause }) => cause);
    expect(causes([stuck])).to.include.members(["point-failed", "point-hangs"]);
    const whole = point({ at: THREE, parts: { "vol-1": "completed", "vol-2": "completed" } });
    expect(causes([whole, { ...whole, region: DR }, stuck])).to.deep.equal(["point-hangs"]);
  });

  it("names ten, and how many there are", () => {
    const volumes = Array.from({ length: 12 }, (_, i) => `vol-${i}`);
    const parts = Object.fromEntries(volumes.map((id) => [id, "pending" as const]));
    const [found] = of("point-hangs", { points: [point({ at: NOW - 3 * DAY, parts })] });
    expect(found?.reason).to.match(/^12 in progress .* and 2 more$/);
  });
});

describe("planner: copies that nobody made", () => {
  const overdue = (points: WorldInput["points"]) => {
    const [found, ...more] = of("copy-overdue", { policies: [daily], points: points ?? [] });
    expect(more).to.deep.equal([]);
    return found && { reason: found.reason, advice: adviceOn(found, RULES) };
  };

  it("are the DR stack's business where it began none", () => {
    expect(overdue([home(0), home(3)])?.advice).to.contain("Look whether the DR stack is deployed");
  });

  it("are EBS's where it is at them, and Details say at which", () => {
    const { reason, advice } = overdue([home(0), home(3), away(3, "pending")]) ?? {};
    expect(advice).to.contain("EBS is at them").and.not.to.contain("is deployed");
    expect(reason).to.contain(
      `EBS is at 1 snapshot(s) since ${at(3, 11)}: ${away(3).artifacts[0]?.id} of vol-1 at 40 %`,
    );
  });

  it("fail where EBS fails them", () => {
    const { reason, advice } = overdue([home(0), home(3), away(3, "error")]) ?? {};
    expect(advice).to.contain("EBS fails the copies");
    expect(reason).to.contain("the last try failed: no such key");
  });
});
