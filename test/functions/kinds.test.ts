import { expect } from "chai";
import type { Copy, Delete } from "../../core/model/model.js";
import { makeDelete } from "../../functions/delete/delete.js";
import { backendOf } from "../../functions/execute/backend-of.js";
import { makeMake } from "../../functions/make/make.js";
import type { Answer, Backend, Task } from "../../kinds/backend.js";
import { RULES } from "../../kinds/rules.js";
import { copy, DR, HOME, LONG, RUN, remove, setUpExecutor } from "./executors.js";
import { failure } from "./fakes.js";

/** A kind that answers as it is told, and keeps what it was to do. */
function toy(answer: (task: Task) => Answer) {
  const asked: string[] = [];
  const backend: Backend = {
    list: () => Promise.reject(new Error("it is not to be read")),
    find: async (makes) => makes.map(() => ({ alive: [], failed: [] })),
    do: async (tasks) => {
      asked.push(...tasks.map(({ resource }) => resource));
      return tasks.map(answer);
    },
  };
  return { asked, backend };
}

const full = toy(() => ({ is: "later", why: { message: "20 of 20" }, stop: "no slot is free" }));
const free = toy(() => ({ is: "done", artifacts: ["made"] }));

describe("what is carried out of several kinds", () => {
  it("goes to the backend of its kind, by what its resource is", () => {
    const rules = { ebs: RULES.ebs, toy: { ...RULES.ebs, resourceKinds: ["toy"] } };
    const of = backendOf({ toy: free.backend, ebs: full.backend }, rules);
    expect(of(copy(0))).to.equal(full.backend);
    expect(of({ ...copy(0), kind: "toy" })).to.equal(free.backend);
    expect(() => of({ ...copy(0), kind: "nothing" })).to.throw('no kind has resources that are "nothing"');
  });

  it("waits for a kind that can do no more now, and for no other", async () => {
    const copies: Copy[] = Array.from({ length: 120 }, (_, n) => copy(n));
    const { base, results } = await setUpExecutor("copy", DR, copies);
    const backendOf = ({ resource }: { readonly resource: string }) =>
      Number(resource.slice(2)) % 2 === 0 ? full.backend : free.backend;
    const answer = await makeMake({ ...base, backendOf })({ runId: RUN, offset: 0, do: "copy" }, LONG);
    expect(answer).to.deep.equal({ runId: RUN, offset: 120, more: false, done: 60, failed: 0, later: 60 });
    expect(full.asked, "one batch").to.have.length(25);
    expect(free.asked).to.have.length(60);
    // The lines are those that the executor wrote.
    const lines = (await results()) as { resource: string; outcome: string; cause?: string }[];
    expect(lines.map(({ resource }) => resource)).to.deep.equal(copies.map(({ resource }) => resource));
    expect(lines.at(-2)).to.include({ outcome: "later", cause: "no slot is free" });
    expect(lines.at(-1)).to.include({ outcome: "done" });
  });

  it("is an error where a backend does not answer for each task", async () => {
    const deletes: Delete[] = [remove(0, ["snap-a"]), remove(1, ["snap-b"])];
    const { base } = await setUpExecutor("delete", HOME, deletes);
    const backend: Backend = { ...free.backend, do: async () => [{ is: "done", artifacts: [] }] };
    const run = makeDelete({ ...base, backendOf: () => backend });
    expect((await failure(run({ runId: RUN, offset: 0, do: "delete" }, LONG))).message).to.contain("1 answers for 2");
  });

  it("keeps the claim of what may have been made, and gives back that of what surely was not", async () => {
    const copies = [copy(0), copy(1)];
    const { base } = await setUpExecutor("copy", DR, copies);
    const unsure = toy(({ resource }) => ({
      is: "failed",
      why: { message: "no" },
      ...(resource === "i-0" && { unsure: true }),
    }));
    const make = makeMake({ ...base, backendOf: () => unsure.backend });
    await make({ runId: RUN, offset: 0, do: "copy" }, LONG);
    expect(await make({ runId: RUN, offset: 0, do: "copy" }, LONG)).to.include({ failed: 1, later: 1 });
    expect(unsure.asked).to.deep.equal(["i-0", "i-1", "i-1"]);
  });
});
