import { expect } from "chai";
import { makeDelete } from "../../functions/delete/delete.js";
import { makeMake } from "../../functions/make/make.js";
import { copy, create, DR, HOME, LONG, RUN, remove, settings, setUpExecutor, T0 } from "./executors.js";
import { result, setUp, world } from "./record/recording.js";

const onlyPlans = async () => ({ ...settings, mode: "plan" as const });

const HANDS = {
  create: async () => {
    const parts = await setUpExecutor("create", HOME, [create(0), create(1)]);
    return { ...parts, hand: makeMake({ ...parts.base, settings: onlyPlans }) };
  },
  copy: async () => {
    const parts = await setUpExecutor("copy", DR, [copy(0), copy(1)]);
    return { ...parts, hand: makeMake({ ...parts.base, settings: onlyPlans }) };
  },
  delete: async () => {
    const parts = await setUpExecutor("delete", HOME, [remove(0, ["snap-a"]), remove(1, ["snap-b"])]);
    return { ...parts, hand: makeDelete({ ...parts.base, settings: onlyPlans }) };
  },
};

describe("a stack that only plans", () => {
  for (const [name, setUpOne] of Object.entries(HANDS)) {
    it(`${name} asks AWS for nothing and says of each action that it was only planned`, async () => {
      const { account, hand, results } = await setUpOne();
      const counts = { more: false, done: 0, failed: 0, later: 0 };
      expect(await hand({ runId: RUN, offset: 0, do: name }, LONG)).to.deep.equal({ runId: RUN, offset: 2, ...counts });
      const outcomes = (await results())?.map((line) => (line as { outcome: string }).outcome);
      expect(outcomes).to.deep.equal(["planned", "planned"]);
      expect(account.calls).to.deep.equal([]);
    });
  }

  const planned = [result({ outcome: "planned", artifacts: [] })];
  const ledgerLine = {
    expected: { create: 1, copy: 0, finalize: 0, delete: 1 },
    actual: { create: 0, copy: 0, finalize: 0, delete: 0 },
  };

  it("writes what was expected and that nothing was done, and then rests", async () => {
    const { run, table, ledger } = setUp();
    const round = { creates: planned, deletes: planned, inFlight: 1, world: world({ mode: "plan" }) };
    expect(await run(round)).to.deep.equal({ again: false });
    const [item] = await table.list("run");
    expect(item).to.deep.include({ outcome: "done", planned: 2, failed: 0, later: 0, ...ledgerLine });
    expect(await ledger.state()).to.deep.equal({
      ...{ inFlight: { ebs: 0 }, dueAt: { ebs: T0 + 15 * 60_000 }, lastRun: T0 },
    });
  });

  it("says once that it only plans, and that it is over", async () => {
    const { run, subjects, messages } = setUp();
    await run({ creates: planned, world: world({ mode: "plan" }) });
    await run({ creates: planned, world: world({ mode: "plan" }) });
    expect(subjects()).to.have.length(1);
    expect(messages[0]?.body).to.contain("lockstep:mode is plan");
    await run({ creates: [result()], world: world() });
    expect(subjects()).to.have.length(2);
  });
});
