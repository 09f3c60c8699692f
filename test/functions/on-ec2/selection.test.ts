import { expect } from "chai";
import { chosenIn } from "../../../core/planner/context.js";
import { RULES } from "../../../kinds/rules.js";
import { instance, plan, policy, world } from "../../core/worlds.js";
import { HOME } from "../executors.js";
import { setUp } from "../record/recording.js";
import { Cycle, EAST, MINUTE, often, pointsOf, stack, tagsOf } from "./ec2-cycle.js";

describe("what policies select, on EC2", () => {
  let cycle: Cycle;
  beforeEach(async () => {
    cycle = await Cycle.start();
  });
  afterEach(() => cycle.stop());

  it("D2-F20: all, any, not, wildcards and prefixes, of keys and of values", async () => {
    const [web, db, test] = [await cycle.launch(EAST), await cycle.launch(EAST), await cycle.launch(EAST)];
    await cycle.tag(web.id, { Env: "prod-eu-1", "team:shop": "x" });
    await cycle.tag(db.id, { Env: "prod-us-1" });
    await cycle.tag(test.id, { Env: "test-eu-1", "team:bank": "x" });
    const chosen = async (select: object) => {
      const actions = await cycle.planOf(stack({ policies: [{ ...often, select }] }));
      return new Set(actions.flatMap((action) => (action.do === "create" ? [action.resource] : [])));
    };
    expect(await chosen({ key: "Env", prefix: "prod-" })).to.deep.equal(new Set([web.id, db.id]));
    expect(await chosen({ key: "Env", like: "*-eu-?" })).to.deep.equal(new Set([web.id, test.id]));
    expect(await chosen({ keyPrefix: "team:" })).to.deep.equal(new Set([web.id, test.id]));
    expect(await chosen({ all: [{ keyLike: "t??m:*" }, { not: { key: "Env", like: "prod*" } }] })).to.deep.equal(
      new Set([test.id]),
    );
    await cycle.reconcile(stack({ policies: [{ ...often, select: { key: "Env", prefix: "prod-" } }] }));
    const snapshots = await cycle.snapshotsIn(EAST);
    expect(pointsOf(snapshots).size).to.equal(2);
    expect(new Set(snapshots.map((one) => tagsOf(one)["lockstep:resource"]))).to.deep.equal(new Set([web.id, db.id]));
  });

  it("members of EKS and Spot are protected only when they are meant; who is left out is told", async () => {
    const plain = await cycle.launch(EAST);
    const spot = await cycle.launch(EAST, { InstanceMarketOptions: { MarketType: "spot" } });
    const node = await cycle.launch(EAST);
    await cycle.tag(node.id, { "kubernetes.io/cluster/shop": "owned" });
    const chosen = async (over: object) => {
      const actions = await cycle.planOf(stack({ policies: [{ ...often, ...over }] }));
      const left = actions.filter((action) => action.do === "alert" && action.cause === "members-left-out");
      const made = actions.flatMap((action) => (action.do === "create" ? [action.resource] : []));
      return { made: new Set(made), told: left.map(({ reason }) => reason.split(": ").at(-1)) };
    };
    expect(await chosen({})).to.deep.equal({ made: new Set([plain.id]), told: ["eks 1, spot 1"] });
    expect(await chosen({ ebs: { include: ["spot"] } })).to.deep.equal({
      made: new Set([plain.id, spot.id]),
      told: [],
    });
    const nodes = { keyPrefix: "kubernetes.io/cluster/" };
    expect(await chosen({ select: nodes })).to.deep.equal({ made: new Set([node.id]), told: [] });
  });

  it("complaint 3.6: a volume that a due set has is not snapshotted twice in one run, unless it is asked for", async () => {
    const host = await cycle.launch(EAST);
    for (const id of host.volumes.values()) await cycle.tag(id, { Backup: "alone" });
    const alone = { ...often, name: "alone", select: { key: "Backup", value: "alone" }, kinds: ["volume"] };
    await cycle.reconcile(stack({ policies: [often, alone] }));
    expect(pointsOf(await cycle.snapshotsIn(EAST)).size).to.equal(1);
    expect((await cycle.reconcile(stack({ policies: [often, alone] }))).done, "nor in the next").to.equal(0);
    await cycle.reconcile(stack({ policies: [often, { ...alone, ebs: { also: true } }] }));
    expect(await cycle.snapshotsIn(EAST)).to.have.length(6);
  });
});

describe("how much policies select, from run to run", () => {
  const estate = (count: number) => Array.from({ length: count }, (_, i) => instance(`i-${i}`, [`vol-${i}`]));

  it("complaint 3.4: a drop below half is told once, stays open while it lasts, and is closed when it is over", async () => {
    const { clock, ledger, run, subjects, table } = setUp();
    const round = async (count: number) => {
      const memory = await ledger.memory();
      const seen = world({
        home: HOME,
        policies: [policy({ copy: [] })],
        resources: estate(count),
        now: clock.time,
        memory,
      });
      const puts = { count: 0 };
      const put = table.put.bind(table);
      table.put = (key, item, when) => {
        if (key.pk === "selected") puts.count += 1;
        return put(key, item, when);
      };
      await run({ world: seen, decisions: plan(seen).filter((action) => action.do === "alert") });
      table.put = put;
      clock.time += 15 * MINUTE;
      expect(chosenIn(seen, RULES.ebs).selected.get("hourly")).to.have.length(count);
      return puts.count;
    };
    const drop = (kind: string) => `[prod] ${kind}selection-dropped: hourly ${HOME}`;
    expect(await round(10)).to.equal(1);
    expect(await round(10), "nothing changed, nothing is written").to.equal(0);
    await round(4);
    await round(4);
    expect(subjects()).to.deep.equal([drop("")]);
    await round(6);
    expect(subjects()).to.deep.equal([drop(""), drop("resolved: ")]);
    expect((await ledger.memory()).selected).to.deep.equal([{ region: HOME, policy: "hourly", count: 6 }]);
  });
});
