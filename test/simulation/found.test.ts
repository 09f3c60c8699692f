import { paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { readSettings } from "../../core/config/settings.js";
import { TAG } from "../../core/names/tags.js";
import { RULES } from "../../kinds/rules.js";
import { Dice } from "./dice.js";
import { ec2Client } from "./edges/ec2.js";
import { Invocation } from "./edges/invocation.js";
import { simulateEdges } from "./edges/simulate.js";
import { Frame } from "./frame.js";
import { simulatePlanner } from "./planner/simulate.js";
import { DAY, HOUR, type Scenario, type Trouble } from "./scenario.js";
import type { Cloud } from "./world/cloud.js";

const START = Date.UTC(2026, 0, 5, 0, 7);

interface Differing {
  readonly volumes?: number;
  /** What else the rule of the copies says. */
  readonly copied?: object;
  readonly copies?: readonly string[];
}

/** A few regions with one resource, for a fortnight. */
function world(seed: number, troubles: readonly Trouble[], differing: Differing = {}): Scenario {
  const { volumes = 1, copied = {}, copies = ["us-west-2"] } = differing;
  const policy = {
    name: "p0",
    select: { key: "Backup", value: "p0" },
    schedule: "rate(12 hours)",
    retain: { age: "2d" },
    copy: copies.map((region) => ({ region, retain: { age: "2d" }, ...copied })),
  };
  const common = { deployment: "sim", tags: {}, orphanAfter: "7d", policies: [policy] };
  const stack = (role: "primary" | "dr", region: string, peers: readonly string[]) => ({
    name: `${role} ${region}`,
    settings: readSettings({ ...common, role, region, peers }, RULES),
  });
  const stacks = [stack("primary", "us-east-1", copies), ...copies.map((one) => stack("dr", one, ["us-east-1"]))];
  const of = { kind: "instance", region: "us-east-1", policy: "p0", volumes, born: START } as const;
  return { seed, kind: "ebs", start: START, end: START + 14 * DAY, stacks, machines: [{ id: "i-1", ...of }], troubles };
}

const broken = (seed: number, troubles: readonly Trouble[], differing?: Differing) =>
  simulatePlanner(world(seed, troubles, differing)).violations;

/** The snapshots of a region as DescribeSnapshots lists them, while something happens between its pages. */
async function listed(between: (cloud: Cloud) => void): Promise<readonly string[]> {
  const { scenario, cloud, engine } = new Frame(world(1, []));
  const [stack] = scenario.stacks;
  if (stack === undefined) throw new Error("a world without stacks");
  for (let i = 0; i < 100; i++) cloud.addForeign("us-east-1", `f${i}`, "vol-1", {});
  const run = { stack, began: engine.now, unknown: new Set<string>(), policies: new Set<string>() };
  const invocation = new Invocation("test", {
    engine,
    dice: new Dice(1),
    blow: () => undefined,
    wake: () => undefined,
  });
  const ec2 = ec2Client({ cloud, run, region: "us-east-1", invocation, isSurvey: true });
  const found: string[] = [];
  const pages = paginateDescribeSnapshots({ client: ec2 }, { OwnerIds: ["self"], MaxResults: 1000 });
  const read = (async () => {
    for await (const { Snapshots = [] } of pages) {
      found.push(...Snapshots.map(({ SnapshotId = "" }) => SnapshotId));
      between(cloud);
    }
  })();
  let isRead = false;
  void read.finally(() => {
    isRead = true;
  });
  while (!isRead) {
    engine.step(Number.POSITIVE_INFINITY);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await read;
  return found;
}

/** What long runs once took for a broken promise, and was none. */
describe("no promise is broken", () => {
  for (const key of [TAG.source, TAG.member]) {
    it(`by a copy whose ${key} somebody changed: it is still ours, and still whole`, () => {
      for (const nth of [0, 1, 2, 3]) {
        const at = START + 5 * DAY;
        const retag = { id: "t0", kind: "retag", region: "us-west-2", nth, key, at, until: at + 3 * DAY } as const;
        expect(broken(nth, [retag])).to.deep.equal([]);
      }
    });
  }

  it("by a point that AWS made twice: it is as old as the set that is whole", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const at = START + DAY;
      const twice = { id: "t0", kind: "doubles", region: "us-east-1", rate: 1, at, until: at + 6 * DAY } as const;
      const slow = { id: "t1", kind: "slow", region: "us-east-1", factor: 4, at, until: at + 12 * HOUR } as const;
      expect(broken(seed, [twice, slow], { volumes: 3 })).to.deep.equal([]);
    }
  });

  it("by a stack that lacks the policy and hears of no new tags: it goes by what its points tell", () => {
    // While the newest copy is in progress, whose completion lets an older one go.
    const at = START + 6 * DAY + 13 * HOUR;
    const until = at + 5 * HOUR;
    const lost = { id: "t0", kind: "no-policy", stack: "dr us-west-2", policy: "p0", at, until } as const;
    const tagged = { id: "t1", kind: "override", machine: "i-1", tags: { Retention: "2" }, bad: false } as const;
    for (let seed = 1; seed <= 8; seed++) {
      expect(broken(seed, [lost, { ...tagged, at, until }], { copied: { retain: { age: "12h" } } })).to.deep.equal([]);
    }
  });

  it("by a copy that takes for weeks: the next point's passes it, and DR is not frozen", () => {
    const at = START + 2 * DAY;
    const hanging = { id: "t0", kind: "slow", region: "us-west-2", factor: 10_000, at, until: at + 20 * HOUR } as const;
    const { violations, copies } = simulatePlanner(world(1, [hanging]));
    expect(violations).to.deep.equal([]);
    // Two a day for a fortnight, but for the day and a half.
    expect(copies).to.be.greaterThan(20);
  });

  it("by a snapshot and a copy that never end: later ones are made beside them, and what hangs is told", async () => {
    const at = START + DAY;
    const hangs = ["us-east-1", "us-west-2"].map((region) => {
      return { id: region, kind: "hang", region, count: 1, at, until: at + 13 * HOUR } as const;
    });
    const { violations, points, copies, felt } = await simulateEdges({ ...world(1, hangs), end: START + 8 * DAY });
    expect(violations).to.deep.equal([]);
    expect(felt.get("hang")).to.equal(2);
    // Two a day; of the one that hangs at home there is no copy, nor of those that one of another is waited for.
    expect([points, copies]).to.deep.equal([16, 13]);
  });

  it("by a page that misses what is there, because something before it was deleted meanwhile", async () => {
    const gone: string[] = [];
    const found = await listed((cloud) => {
      const [first] = cloud.in("us-east-1").keys();
      if (first === undefined) return;
      gone.push(first);
      cloud.delete(undefined, "us-east-1", first);
    });
    expect(gone).to.have.length(3);
    expect(new Set(found).size).to.equal(100);
  });

  it("by a snapshot that was begun between two milliseconds, after a pause that chance made", () => {
    const { engine } = new Frame(world(1, []));
    const seen: number[] = [];
    for (const after of [0.25, 1.5, 2.939]) engine.at(START + after, () => seen.push(engine.now));
    while (engine.step(START + 10));
    expect(seen).to.deep.equal([START, START + 2, START + 3]);
  });

  it("by a region that tags no longer name: what was copied there comes to its end as what nobody protects", () => {
    const at = START + 3 * DAY;
    const tags = { BackupCrossRegion: "eu-west-1" };
    const elsewhere = {
      id: "t0",
      kind: "override",
      machine: "i-1",
      tags,
      bad: false,
      at,
      until: at + 90 * DAY,
    } as const;
    const differing = { copied: { retain: { count: 3 } }, copies: ["us-west-2", "eu-west-1"] };
    expect(broken(1, [elsewhere], differing)).to.deep.equal([]);
  });
});
