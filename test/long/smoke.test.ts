import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as v from "valibot";
import { parse } from "../../automation/cli/cli.js";
import { dispatch } from "../../automation/cli/dispatch.js";
import type { Progress } from "../../automation/cli/progress.js";
import { Recording } from "../../smoke/model.js";
import { PROBES } from "../../smoke/probes/index.js";
import { tagged } from "../../smoke/sweep.js";
import { DR, Harness, PRIMARY } from "../e2e/harness.js";
import { leftovers } from "../e2e/leftovers.js";

describe("lockstep smoke", function () {
  this.timeout(1_200_000);
  let t: Harness;
  before(async () => {
    t = await Harness.start();
  });
  after(() => t?.stop());

  it("asks, records, deploys, backs up, looks, and removes everything", async () => {
    const out = join(t.deps.places.home, "recording.json");
    // The other way round than the tracked stacks: the regions are the command's.
    const outcome = await t.command(`smoke --home ${DR} --away ${PRIMARY} --out ${out}`);
    expect(outcome.ending, outcome.text).to.equal("done");
    const { steps, left, notAsked } = outcome.data as Record<string, unknown>;
    expect(steps).to.deep.equal(["up", "run", "status", "plan", "down"].map((step) => ({ step, ok: true })));
    expect([left, notAsked]).to.deep.equal([[], []]);
    const recording = v.parse(Recording, JSON.parse(await readFile(out, "utf8")));
    expect(recording).to.deep.include({ from: "sandbox", regions: { home: DR, away: PRIMARY } });
    expect(Object.keys(recording.answers)).to.have.length(PROBES.length);
    expect((await t.command("env list")).data).to.deep.equal([]);
    const after = await leftovers(t, "lockstep");
    expect(after.resources).to.deep.equal([]);
    for (const region of [PRIMARY, DR]) expect(await tagged(region, t.variables), region).to.deep.equal([]);
  });

  for (const { half, at } of [
    { half: "probes", at: /set-of-all$/ },
    { half: "journey", at: /^create aws:lambda/ },
  ]) {
    it(`removes everything when it is interrupted in its ${half}`, async () => {
      const stop = new AbortController();
      const say = (line: string) => {
        if (at.test(line)) stop.abort(new Error("interrupted by SIGINT"));
      };
      const progress: Progress = { together: (jobs) => Promise.allSettled(jobs.map((job) => job.run(say))) };
      const out = join(t.deps.places.home, "unused.json");
      const command = parse(["smoke", "--only", half, "--out", out]);
      if (command.kind !== "command") throw new Error("smoke is no command");
      const interruption = { signal: stop.signal, forward: stop.signal };
      const outcome = await dispatch(command.command, { ...t.deps, progress, interruption });
      expect(outcome.ending, outcome.text).to.equal("failed");
      expect(outcome.text).to.contain("Interrupted.");
      expect(outcome.data).to.deep.include({ left: [] });
      expect((await t.command("env list")).data).to.deep.equal([]);
      expect((await leftovers(t, "lockstep")).resources).to.deep.equal([]);
    });
  }
});
