import { expect } from "chai";
import { livingIn } from "../../core/inventory/lineage.js";
import { surveyAll } from "../../functions/lib/survey.js";
import { stateAfter } from "../../functions/record/state.js";
import { EVERY_KIND, makeLease } from "../../functions/store/lease.js";
import { kindsToRead } from "../../functions/survey/kinds.js";
import { RULES } from "../../kinds/rules.js";
import { backendOn, cloud, DR, HOME, settings } from "../kinds/ebs/aws/cloud.js";
import { NOW } from "./ec2-shapes.js";
import { MemoryTable } from "./fakes.js";
import { alert, seen, setUp, world } from "./record/recording.js";

const MINUTE = 60_000;
const KINDS = ["ebs", "slow"];
const rules = {
  ebs: RULES.ebs,
  slow: { ...RULES.ebs, kind: "slow", resourceKinds: ["slow"], lookAgainMs: 5 * MINUTE },
};

describe("the kinds that a run reads", () => {
  const state = { inFlight: { ebs: 1, slow: 1 }, dueAt: { ebs: NOW, slow: NOW + MINUTE }, lastRun: NOW };
  const read = (tidings: Readonly<Record<string, number>>, more: object = {}, now = NOW - 1) =>
    kindsToRead(KINDS, { tidings, state: { ...state, ...more }, now });

  it("are those that are due or were told of", () => {
    expect(read({}, {}, NOW)).to.deep.equal(["ebs"]);
    expect(read({ slow: 3 })).to.deep.equal(["slow"]);
    expect(read({ slow: 3 }, {}, NOW)).to.deep.equal(KINDS);
    expect(read({}, { dueAt: { ebs: NOW } }), "never looked at").to.deep.equal(["slow"]);
  });

  it("are all where somebody asked, something is to be tried again, or nothing says which", () => {
    expect(read({ [EVERY_KIND]: 1 })).to.deep.equal(KINDS);
    expect(read({ slow: 1 }, { tryAgainAt: NOW - 1 })).to.deep.equal(KINDS);
    expect(read({})).to.deep.equal(KINDS);
  });

  it("stay told of until a look that began after it came to its end", async () => {
    const lease = makeLease(new MemoryTable());
    await lease.mark(NOW, ["slow"]);
    await lease.acquire("a", NOW);
    const heard = await lease.tidings();
    expect(heard).to.deep.equal({ slow: 1 });
    await lease.mark(NOW, ["slow", "ebs"]);
    // Twice, as after a lost answer.
    for (const _ of [1, 2]) await lease.heed(heard);
    expect(await lease.tidings()).to.deep.equal({ slow: 2, ebs: 1 });
    await lease.heed(await lease.tidings());
    expect(await lease.tidings()).to.deep.equal({});
    await lease.mark(NOW);
    expect(await lease.tidings()).to.deep.equal({ [EVERY_KIND]: 1 });
  });
});

describe("a survey of several kinds", () => {
  const ebs = backendOn(cloud({ [HOME]: { instances: [{ InstanceId: "i-1" }] } }).ec2);
  const slow = { list: () => Promise.reject(Object.assign(new Error("slow down"), { name: "Throttling" })) };
  const both = settings("primary").policies.map((one) => ({ ...one, kinds: ["instance", "slow"] }));
  const args = { settings: settings("primary", { policies: both }), requests: [], now: NOW, rules };

  it("knows what it can of each: one that cannot be read leaves the others alone", async () => {
    const found = await surveyAll({ ...args, backends: { ebs, slow } });
    expect(found.map(({ kind, home }) => [kind, home])).to.deep.equal([
      ["ebs", HOME],
      ["slow", HOME],
    ]);
    expect(found[0]?.regions[HOME]).to.include({ complete: true });
    expect(found[0] && livingIn(found[0])?.map(({ id }) => id)).to.deep.equal(["i-1"]);
    for (const region of [HOME, DR])
      expect(found[1]?.regions[region]).to.deep.equal({ complete: false, reason: "Throttling: slow down" });
  });

  it("asks nothing of what no policy names, but of what is to be looked after all the same", async () => {
    const config = {};
    const onDemand = { ...rules, slow: { ...rules.slow, config } };
    const kinds = async (more: object) => {
      const own = { ...settings("primary"), ...more };
      const found = await surveyAll({ ...args, rules: onDemand, settings: own, backends: { ebs, slow } });
      return found.map(({ kind }) => kind);
    };
    expect(await kinds({})).to.deep.equal(["ebs"]);
    expect(await kinds({ policies: both })).to.deep.equal(["ebs", "slow"]);
    expect(await kinds({ alsoKinds: ["slow"] })).to.deep.equal(["ebs", "slow"]);
    expect(await kinds({ policies: [] }), "what is protected by default").to.deep.equal(["ebs"]);
  });

  it("reads those that it is to read, and no others", async () => {
    const found = await surveyAll({ ...args, backends: { ebs, slow }, kinds: ["slow"] });
    expect(found.map(({ kind }) => kind)).to.deep.equal(["slow"]);
  });
});

describe("the end of a run that read some kinds", () => {
  it("leaves what the tick goes by of the others as it was", () => {
    const before = {
      ...{ inFlight: { ebs: 2, slow: 3 }, dueAt: { ebs: NOW, slow: NOW + 4 * MINUTE } },
      ...{ lastRun: 0, tryAgainAt: NOW + 9 * MINUTE },
    };
    const survey = { kinds: ["ebs"], isAll: false };
    const after = { before, survey, inFlight: { ebs: 0 }, points: {}, open: [], rules, now: NOW };
    expect(stateAfter(after)).to.deep.equal({
      ...{ inFlight: { ebs: 0, slow: 3 }, dueAt: { ebs: NOW + 15 * MINUTE, slow: NOW + 4 * MINUTE } },
      ...{ lastRun: NOW, tryAgainAt: NOW + 9 * MINUTE },
    });
    const all = { ...after, survey: { kinds: KINDS, isAll: true }, inFlight: { ebs: 1, slow: 1 } };
    expect(stateAfter(all)).to.deep.equal({
      ...{ inFlight: { ebs: 1, slow: 1 }, dueAt: { ebs: NOW + 45_000, slow: NOW + 285_000 }, lastRun: NOW },
    });
  });

  it("forgets what the tick goes by of a kind that the stack does not look after any more, but not its points", () => {
    const before = { inFlight: { ebs: 2, slow: 3 }, dueAt: { ebs: NOW, slow: NOW }, lastRun: 0, points: { slow: 7 } };
    const survey = { kinds: ["ebs"], isAll: true };
    const after = { before, survey, inFlight: { ebs: 0 }, points: { ebs: 4 }, open: [], rules, now: NOW };
    expect(stateAfter(after)).to.deep.equal({
      ...{ inFlight: { ebs: 0 }, dueAt: { ebs: NOW + 15 * MINUTE }, lastRun: NOW, points: { ebs: 4, slow: 7 } },
    });
    const read = { ...after, survey: { kinds: KINDS, isAll: true }, points: { ebs: 0, slow: 0 } };
    expect(stateAfter(read)).to.not.have.property("points");
  });

  it("closes the troubles of what it read, and no others", async () => {
    const { run, subjects, table } = setUp();
    const { kind: _, ...ofAll } = alert({ cause: "region-unknown", resource: "" });
    const troubles = [alert(), alert({ resource: "other:1", kind: "slow" }), ofAll];
    await run({ decisions: troubles });
    await run({ isAll: false });
    expect((await table.list("alert")).map((item) => item["resource"])).to.deep.equal(["other:1", ""]);
    await run({});
    expect(await table.list("alert")).to.deep.equal([]);
    expect(subjects()).to.have.length(6);
  });

  it("heeds what it was told before it began", async () => {
    const { lease, run } = setUp();
    await lease.mark(0, ["ebs"]);
    const tidings = await lease.tidings();
    await lease.mark(0, ["slow"]);
    await run({ tidings });
    expect(await lease.tidings()).to.deep.equal({ slow: 1 });
  });

  it("says nothing in numbers of policies of which it read a part", async () => {
    const { metrics, run } = setUp();
    const [policy] = world().policies;
    const both = world({
      policies: policy ? [{ ...policy, kinds: ["instance", "slow"] }] : [],
      regions: { [HOME]: seen },
    });
    await run({ isAll: false, world: both });
    expect(metrics.filter((line) => line["Policy"] !== undefined && line["Resource"] === undefined)).to.deep.equal([]);
    expect(metrics.at(-1)).to.include({ RunSucceeded: 1 });
  });
});
