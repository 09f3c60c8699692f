import { expect } from "chai";
import type { Delete } from "../../core/model/model.js";
import { DAY, HOME, HOUR, only } from "../core/worlds.js";
import { outcomes, setUp } from "./toy/two-stacks.js";
import { FLOW_MS, MAKES_MS, REMOVES_MS } from "./toy/works.js";
import type { Fate } from "./toy/workshop.js";

/** Two stacks of which the workflows fare as `fate` says. */
function setUpFlows(luck: Parameters<typeof setUp>[0] = {}) {
  const of: { fate: Fate } = { fate: "well" };
  const both = setUp({ byWorkflows: true, fate: () => of.fate, ...luck });
  const { clock, home, later, works } = both;
  // Just after a slot, so that the next is four days off.
  later(4 * DAY - (clock.time % (4 * DAY)) + HOUR);
  /** The artifacts that a look at home sees. */
  const seen = async () => {
    const view = (await home.look()).inventories[0]?.regions[HOME];
    const artifacts = view?.complete ? view.points.flatMap((point) => point.artifacts) : [];
    return artifacts.map(({ state, cause = "" }) => `${state} ${cause}`.trim());
  };
  const started = () => [...works.workshop.executions.keys()].map((key) => key.slice(key.indexOf(":") + 1));
  return { ...both, of, seen, started };
}

describe("functions, with a kind that makes its points by workflows of days", () => {
  it("shows what is under way as pending, starts it once, and goes by what is there when it is done", async () => {
    const { home, works, later, seen, started } = setUpFlows();
    const { own, results } = await home.run();
    expect(outcomes(results)).to.deep.equal(["started"]);
    const [planned] = only(own, "create");
    expect(started()).to.deep.equal([`${planned?.point}-1`]);
    later(HOUR);
    expect(outcomes((await home.run()).results), "it is at work").to.deep.equal([]);
    expect(await seen()).to.deep.equal(["pending"]);
    later(MAKES_MS);
    expect(await seen()).to.deep.equal(["completed"]);
    expect(works.casts).to.have.length(1);
  });

  it("knows of a workflow that failed by the next look, long before its time is over, and tries again", async () => {
    const { home, later, of, seen, started } = setUpFlows();
    of.fate = "breaks";
    await home.run();
    later(MAKES_MS);
    expect(await seen()).to.deep.equal(["error its workflow FAILED: the mould broke"]);
    of.fate = "well";
    const { own } = await home.run();
    expect(only(own, "create")[0]?.reason).to.match(/^try 2: .* is failed$/);
    expect(started()).to.have.length(2);
  });

  it("waits for one that dies without a trace until its time is over, and no longer", async () => {
    const { home, later, of, seen, started } = setUpFlows();
    of.fate = "dies";
    await home.run();
    later(FLOW_MS - HOUR);
    expect(await seen()).to.deep.equal(["pending"]);
    expect(outcomes((await home.run()).results)).to.deep.equal([]);
    later(HOUR);
    expect(await seen()).to.deep.equal(["error its workflow ended without a trace"]);
    await home.run();
    expect(started()).to.have.length(2);
  });

  it("finds soon that one whose start was lost never started", async () => {
    const { home, works, later, seen } = setUpFlows({ losesAnswer: () => true });
    await home.run();
    works.workshop.executions.clear();
    works.casts.length = 0;
    expect(await seen()).to.deep.equal(["pending"]);
    later(HOUR);
    expect(await seen()).to.deep.equal(["error its workflow never started"]);
  });

  it("takes one that succeeded and left nothing for failed, once what it made must be seen", async () => {
    const { home, works, later, seen } = setUpFlows();
    await home.run();
    works.casts.length = 0;
    later(MAKES_MS);
    expect(await seen()).to.deep.equal(["pending"]);
    later(HOUR);
    expect(await seen()).to.deep.equal(["error its workflow left nothing"]);
  });
});

describe("functions, with a kind that deletes by workflows of days", () => {
  /** Until the first delete is planned at home, which is handed back with all that can be done to it. */
  async function setUpDelete(luck?: Parameters<typeof setUp>[0]) {
    const flows = setUpFlows(luck);
    const { home, dr, later, works } = flows;
    for (let look = 0; look < 200; look++) {
      later(12 * HOUR);
      await dr.run();
      const { own } = await home.look();
      const [expired] = only(own, "delete").filter(({ artifacts }) => artifacts.every((one) => works.has(one)));
      if (expired !== undefined) return { ...flows, expired, again: deleting(flows, expired) };
      await home.carryOut(own);
    }
    throw new Error("nothing expired");
  }
  const deleting =
    ({ home }: Pick<ReturnType<typeof setUp>, "home">, expired: Delete) =>
    async () => {
      const [result] = await home.carryOut([expired]);
      return `${result?.outcome} ${result?.cause ?? ""}`.trim();
    };
  const melts = (started: readonly string[]) => started.filter((name) => name.includes("-delete-"));

  it("starts it once, however often it is planned, until the point is gone", async () => {
    const { again, expired, later, seen, started, works } = await setUpDelete();
    const before = (await seen()).length;
    expect(await again()).to.equal("started");
    expect(await again()).to.match(/^later its workflow .*-delete-1 is at it, until 20/);
    expect(melts(started())).to.deep.equal([`${expired.point}-delete-1`]);
    expect(await seen(), "a delete is no attempt at a point").to.have.length(before);
    later(REMOVES_MS);
    expect(expired.artifacts.some((one) => works.has(one))).to.equal(false);
  });

  it("says why one failed, leaves it alone for a while, and begins another under a name of its own", async () => {
    const { again, home, expired, later, of, started } = await setUpDelete();
    of.fate = "breaks";
    await again();
    later(REMOVES_MS);
    await home.look();
    later(DAY);
    expect(await again()).to.equal("started");
    later(REMOVES_MS);
    await home.look();
    expect(await again()).to.equal("failed its workflow FAILED: the mould broke; it is tried again");
    expect(melts(started())).to.deep.equal([1, 2].map((n) => `${expired.point}-delete-${n}`));
  });

  it("begins another when one died without a trace and its time is over", async () => {
    const { again, later, of, started } = await setUpDelete();
    of.fate = "dies";
    await again();
    later(FLOW_MS - HOUR);
    expect(await again()).to.match(/^later/);
    later(2 * HOUR);
    of.fate = "well";
    expect(await again()).to.equal("started");
    expect(melts(started())).to.have.length(2);
  });

  it("begins again at once what surely did not start, and only then", async () => {
    for (const unsure of [false, true]) {
      let isRefused = true;
      const refuse = () =>
        isRefused ? ({ is: "failed", why: { message: "no room" }, ...(unsure && { unsure }) } as const) : undefined;
      const { again, home, later } = await setUpDelete({
        afterBegin: (task) => (task.do === "delete" ? refuse() : undefined),
      });
      expect(await again()).to.equal("failed no room");
      isRefused = false;
      expect(await again()).to.match(unsure ? /^later/ : /^started$/);
      later(HOUR);
      await home.look();
      if (unsure) expect(await again(), "it never started").to.match(/never started|started/);
    }
  });
});
