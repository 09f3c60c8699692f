import { expect } from "chai";
import type { Inventory } from "../../core/model/model.js";
import { makeDelete } from "../../functions/delete/delete.js";
import { surveyAll } from "../../functions/lib/survey.js";
import { makeMake } from "../../functions/make/make.js";
import { CLAIM_MS } from "../../functions/store/claims.js";
import { makeWorkflows } from "../../functions/store/workflows.js";
import type { Answer, Backend, Context, Task, Whole } from "../../kinds/backend.js";
import { RULES } from "../../kinds/rules.js";
import { create, HOME, LONG, RUN, remove, settings, setUpExecutor, T0 } from "./executors.js";

const DAY = 86_400_000;
const event = { runId: RUN, offset: 0, do: "create" };

/** A kind that makes its points by workflows of two days, and answers as it is told once one is begun. */
async function setUp(answer: (until: number) => Answer = (until) => ({ is: "started", until })) {
  const parts = await setUpExecutor("create", HOME, [create(0)]);
  const names: string[] = [];
  const of = { points: [] as Whole["points"] };
  const one = async (task: Task, { begin }: Context): Promise<Answer> => {
    if (task.do === "delete") return { is: "done", artifacts: task.artifacts };
    if (task.do !== "create") throw new Error(`it does no ${task.do}`);
    const until = parts.clock.time + 2 * DAY;
    names.push(await begin(task, { machine: "prod-primary-workflow-toy-cast", until }));
    return answer(until);
  };
  const backend: Backend = {
    list: async () => ({ complete: true, asOf: parts.clock.time, resources: [], points: of.points, copiesInFlight: 0 }),
    find: async (makes) => makes.map(() => ({ alive: [], failed: [] })),
    do: (tasks, context) => Promise.all(tasks.map((task) => one(task, context))),
  };
  const make = makeMake({ ...parts.base, backendOf: () => backend });
  const shown = async (): Promise<string[]> => {
    const args = { settings, requests: [], now: parts.clock.time, rules: RULES };
    const { points: workflows } = await makeWorkflows(parts.table, parts.clock.now).read();
    const [found] = await surveyAll({ ...args, workflows, backends: { ebs: backend } });
    return artifactsIn(found);
  };
  return { ...parts, backend, make, names, of, shown };
}

const artifactsIn = (inventory: Inventory | undefined): string[] => {
  const view = inventory?.regions[HOME];
  if (!view?.complete) return [];
  return view.points.flatMap(({ artifacts }) =>
    artifacts.map(({ id, state, cause = "" }) => `${id} ${state} ${cause}`),
  );
};

describe("a kind that makes its points by workflows", () => {
  const { point } = create(0);

  it("shows one that is under way as pending, and starts no other for so long", async () => {
    const { clock, make, names, results, shown } = await setUp();
    expect(await make(event, LONG)).to.include({ done: 1, failed: 0 });
    expect((await results())?.[0]).to.include({ outcome: "started" });
    expect(names).to.deep.equal([`${point}-1`]);
    expect(await shown()).to.deep.equal([`${point}-1 pending `]);
    clock.time += DAY + CLAIM_MS;
    expect(await make(event, LONG), "its claim lasts as long").to.include({ done: 0, later: 1 });
  });

  it("shows one that died without a trace as a failed attempt, and the next has a name of its own", async () => {
    const { clock, make, names, shown } = await setUp();
    await make(event, LONG);
    clock.time += 2 * DAY + 1;
    expect(await shown()).to.deep.equal([`${point}-1 error its workflow ended without a trace`]);
    expect(await make(event, LONG)).to.include({ done: 1 });
    expect(names).to.deep.equal([`${point}-1`, `${point}-2`]);
  });

  it("says why one failed in the words of the workflow", async () => {
    const { make, shown, table } = await setUp();
    await make(event, LONG);
    await table.update({ pk: "workflow", sk: `${point}-1` }, { set: { result: "no worker came" } });
    expect(await shown()).to.deep.equal([`${point}-1 error no worker came`]);
  });

  it("goes by what AWS shows, once that is there", async () => {
    const { clock, make, of, shown, table } = await setUp();
    await make(event, LONG);
    const [begun] = (await makeWorkflows(table, clock.now).read()).points;
    const artifacts = (begun?.artifacts ?? []).map((one) => ({ ...one, id: "real", state: "completed" as const }));
    of.points = begun === undefined ? [] : [{ ...begun, artifacts }];
    expect(await shown()).to.deep.equal(["real completed "]);
  });

  it("forgets one that surely did not start, and gives its claim back", async () => {
    const { make, names, shown } = await setUp(() => ({ is: "failed", why: { message: "no such state machine" } }));
    expect(await make(event, LONG)).to.include({ failed: 1 });
    expect(await shown()).to.deep.equal([]);
    await make(event, LONG);
    expect(names).to.have.length(2);
  });

  it("keeps one of which nobody knows whether it started", async () => {
    const { make, shown } = await setUp(() => ({ is: "failed", why: { message: "no answer" }, unsure: true }));
    await make(event, LONG);
    expect(await shown()).to.deep.equal([`${point}-1 pending `]);
    expect(await make(event, LONG)).to.include({ later: 1 });
  });

  it("deletes an attempt that left nothing in AWS from its own table alone", async () => {
    const { backend, base, bucket, clock, lease, make, shown } = await setUp();
    await make(event, LONG);
    clock.time = T0 + 3 * DAY;
    await lease.acquire("execution-1", clock.time);
    const doomed = { ...remove(0, [`${point}-1`, "real"]), point };
    await bucket.writeLines(`runs/${RUN}/delete.jsonl`, [doomed]);
    const run = makeDelete({ ...base, backendOf: () => backend });
    expect(await run({ ...event, do: "delete" }, LONG)).to.include({ done: 1 });
    expect(await bucket.readLines(`runs/${RUN}/results/delete-0.jsonl`)).to.have.deep.nested.property("[0].artifacts", [
      "real",
    ]);
    expect(await shown()).to.deep.equal([]);
  });
});
