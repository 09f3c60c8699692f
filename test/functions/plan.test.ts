import { expect } from "chai";
import type { Action, Inventory, Point, Resource } from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { runKeys } from "../../core/names/names.js";
import { planAll } from "../../core/planner/planner.js";
import { inFlight, makePlan } from "../../functions/plan/plan.js";
import { makeLease } from "../../functions/store/lease.js";
import { RULES } from "../../kinds/rules.js";
import { DR, HOME, RUN, T0 } from "./executors.js";
import { Clock, failure, MemoryBucket, MemoryTable, memoryLog } from "./fakes.js";

const HOUR = 3_600_000;
const LIMITS = { copySlots: 4, copyReserve: 1 };

const resource = (id: string, region: string): Resource => ({
  id,
  kind: "instance",
  region,
  name: id,
  tags: { backup: "daily" },
  members: [
    { id: `vol-${id}`, detail: { device: "/dev/sda1", boot: true }, sizeGiB: 8, createdAt: T0 - 10 * HOUR, tags: {} },
  ],
});

function point(resourceId: string, home: string, scheduled: number, state: "completed" | "pending"): Point {
  const id = pointId({ policy: "daily", home, resource: resourceId, scheduled });
  const part = {
    id: `snap-${resourceId}-${scheduled}`,
    member: `vol-${resourceId}`,
    detail: { device: "" },
    state,
    startedAt: scheduled,
    progress: 100,
    sizeGiB: 8,
    holds: [],
  } as const;
  const base = { id, policy: "daily", resource: resourceId, kind: "instance", home, region: home, scheduled } as const;
  return { ...base, size: 1, level: "crash", artifacts: [part] };
}

const view = (points: readonly Point[], copiesInFlight = 0) =>
  ({ complete: true, asOf: T0, resources: [] as readonly Resource[], points, copiesInFlight }) as const;

/** A home region with points that have no copy yet. */
function world(home: string, resources: readonly string[], scheduled = T0 - 60_000): Inventory {
  const seen = view(resources.map((id) => point(id, home, scheduled, "completed")));
  return {
    now: T0,
    kind: "ebs",
    home,
    policies: [
      {
        name: "daily",
        select: { key: "backup", value: "daily" },
        schedule: "rate(12 hours)",
        retain: { count: 5 },
        copy: [{ region: DR, retain: { count: 5 } }],
      },
    ],
    regions: { [home]: { ...seen, resources: resources.map((id) => resource(id, home)) }, [DR]: view([]) },
    requests: [],
    limits: LIMITS,
  };
}

async function setUp(region: string, worlds: readonly Inventory[]) {
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(new MemoryTable());
  await lease.acquire("execution-1", T0);
  await bucket.write(runKeys(RUN).survey, {
    inventories: worlds,
    strays: [],
    kinds: ["ebs"],
    isAll: true,
    tidings: {},
  });
  const plan = makePlan({ bucket, lease, region, rules: RULES, now: clock.now, log: memoryLog() });
  return { bucket, lease, plan };
}

describe("plan", () => {
  it("gives the hands only what changes the own region, and keeps its decisions", async () => {
    const worlds = [{ ...world(HOME, ["i-1"]), requests: [{ at: T0 - 1000 }] }];
    const primary = await setUp(HOME, worlds);
    const dr = await setUp(DR, worlds);
    const inPrimary = await primary.plan({ runId: RUN });
    const inDr = await dr.plan({ runId: RUN });
    expect(inPrimary).to.include({ runId: RUN, creates: 1, copies: 0, deletes: 0 });
    expect(inDr).to.include({ creates: 0, copies: 1, deletes: 0 });
    expect(inPrimary.inFlight, "both wait for both").to.deep.equal({ ebs: 2 });
    expect(inDr.inFlight).to.deep.equal({ ebs: 2 });
    const keys = runKeys(RUN);
    expect(await primary.bucket.readLines(keys.actions("create"))).to.have.length(1);
    expect(await primary.bucket.readLines(keys.actions("copy"))).to.deep.equal([]);
    const kept = async ({ bucket }: typeof primary) => {
      const lines = (await bucket.readLines(keys.decisions)) ?? [];
      return lines.map((line) => (line as Action).region);
    };
    expect(new Set(await kept(primary))).to.deep.equal(new Set([HOME]));
    expect(new Set(await kept(dr))).to.deep.equal(new Set([DR]));
  });

  it("shares the slots of a DR region among its home regions", () => {
    const worlds = [world("eu-west-1", ["i-1", "i-2"]), world("us-east-1", ["i-3", "i-4"])];
    const copies = planAll(worlds, RULES).filter((action) => action.do === "copy");
    expect(copies.map((action) => action.resource)).to.deep.equal(["i-1", "i-2", "i-3"]);
  });

  it("copies into the own region and lets go what its rule does not keep there", async () => {
    const copyOf = (of: Point): Point => ({
      ...of,
      region: DR,
      artifacts: of.artifacts.map((part) => ({ ...part, id: `copy-of-${part.id}`, source: part.id })),
    });
    const base = world(HOME, ["i-1", "i-2"]);
    const many = Array.from({ length: 9 }, (_, n) => copyOf(point("i-1", HOME, T0 - (n + 2) * HOUR, "completed")));
    const seen = { ...base, regions: { ...base.regions, [DR]: view(many) } };
    const fresh = await setUp(DR, [seen]);
    expect(await fresh.plan({ runId: RUN })).to.include({ copies: 2, deletes: 4 });
  });

  it("counts what the tick waits for", () => {
    const base = world(HOME, []);
    const counted = (regions: Inventory["regions"]) => inFlight([{ ...base, regions }], [], RULES)["ebs"];
    expect(counted(base.regions)).to.equal(0);
    const pending = point("i-1", HOME, T0, "pending");
    expect(counted({ [HOME]: view([pending]), [DR]: view([]) })).to.equal(1);
    expect(counted({ [HOME]: view([]), [DR]: view([], 3) }), "no slot").to.equal(1);
    const unknown = { complete: false, reason: "?" } as const;
    expect(counted({ [HOME]: unknown })).to.equal(0);
  });

  it("stops without the lease and without a survey", async () => {
    const { bucket, lease, plan } = await setUp(HOME, []);
    bucket.objects.clear();
    expect((await failure(plan({ runId: RUN }))).message).to.contain("survey.json");
    await lease.abandon("execution-1");
    expect((await failure(plan({ runId: RUN }))).name).to.equal("LeaseLost");
    for (const event of [{}, undefined, "x", [RUN], { runId: "../x" }, { runId: RUN, offset: 0 }, { run: RUN }]) {
      expect((await failure(plan(event))).name, JSON.stringify(event)).to.equal("InvalidInput");
    }
  });
});
