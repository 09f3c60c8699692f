import { expect } from "chai";
import type { Command } from "../../../automation/cli/cli.js";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { CommandProblem } from "../../../automation/cli/outcome.js";
import { readEnv } from "../../../automation/deploy/envs.js";
import { commandOf } from "../../support/command.js";
import { type FakeOptions, type Fakes, fakes } from "../fakes.js";

const command = (line: string): Command => commandOf(...line.split(" "));

describe("up, down and outputs", () => {
  let deps: Fakes;
  const given = async (options: FakeOptions = {}) => {
    deps = await fakes(options);
  };
  const run = (line: string) => dispatch(command(line), deps);
  afterEach(() => deps.cleanUp());

  it("deploys both regions and remembers where", async () => {
    await given();
    const outcome = await run("up");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(deps.seen.engine).to.deep.equal([
      "prepare primary dr",
      "up primary",
      "up dr",
      "test alarm primary",
      "test alarm dr",
    ]);
    expect(outcome.data).to.have.nested.property("stacks.dr.changes.create", 3);
    expect(await readEnv(deps.places, "default")).to.deep.include({ target: "sandbox", deployment: "lockstep" });
  });

  it("keeps a workload that was deployed once", async () => {
    await given();
    await run("up --workload");
    await run("up");
    expect(deps.seen.engine.filter((e) => e === "up workload")).to.have.length(2);
  });

  it("refuses to guess that AWS is meant", async () => {
    await given({ sandbox: false });
    const outcome = await run("up");
    expect(outcome.ending).to.equal("refused");
    expect(outcome.text).to.contain("lockstep sandbox up").and.to.contain("--target aws");
    expect(deps.seen.engine).to.deep.equal([]);
    expect((await run("up --target aws --yes")).ending).to.equal("done");
    expect((await run("up --yes")).data).to.include({ target: "aws" });
  });

  it("asks before it changes anything on AWS, and says how to go on where nobody can be asked", async () => {
    await given({ sandbox: false });
    const alone = await run("up --target aws --workload");
    expect(alone.ending).to.equal("refused");
    expect(alone.text).to.contain("account 000000000000").and.to.contain("Nobody can be asked here");
    expect(alone.text).to.contain("lockstep up --target aws --workload --yes");
    expect(deps.seen.engine).to.deep.equal([]);
    expect((await run("smoke --target aws")).text)
      .to.contain("lockstep smoke --target aws")
      .and.to.contain("--yes");
    await deps.cleanUp();
    await given({ sandbox: false, confirm: false });
    const refused = await run("up --target aws");
    expect(refused.ending).to.equal("refused");
    expect(refused.text).not.to.contain("Nobody can be asked");
    expect(deps.seen.questions).to.have.length(1);
    await deps.cleanUp();
    await given({ sandbox: false, confirm: true });
    expect((await run("up --target aws")).ending).to.equal("done");
    expect((await run("up")).ending).to.equal("done");
    expect(deps.seen.questions, "again").to.have.length(2);
  });

  it("refuses to move an environment to another target", async () => {
    await given();
    await run("up");
    const outcome = await run("up --target aws --yes");
    expect(outcome.ending).to.equal("refused");
    expect(outcome.text).to.contain("lockstep down");
  });

  it("lets the other region finish when one fails, and says what failed", async () => {
    await given({
      onEngine: (operation) => {
        if (operation === "up primary") throw new CommandProblem("failed", "stack primary: no such bucket");
      },
    });
    const outcome = await run("up");
    expect(outcome).to.include({ ending: "failed", text: "stack primary: no such bucket" });
    expect(deps.seen.engine).to.include("up dr");
    expect(outcome.data).to.deep.equal({ error: { kind: "failed", message: "stack primary: no such bucket" } });
  });

  it("says busy when a stack is locked", async () => {
    await given({
      onEngine: (operation) => {
        if (operation === "up dr") throw new CommandProblem("busy", "stack dr is locked");
      },
    });
    expect((await run("up")).ending).to.equal("busy");
  });

  it("removes every stack, forgets the environment, and is done when there is nothing", async () => {
    await given();
    await run("up --workload");
    const outcome = await run("down");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(deps.seen.engine.slice(-3)).to.have.members(["down primary", "down dr", "down workload"]);
    expect(await readEnv(deps.places, "default")).to.equal(undefined);
    expect(await run("down")).to.deep.include({ ending: "done", data: { env: "default", stacks: {}, pointsKept: {} } });
  });

  it("keeps the environment's record when a removal failed, so that it can be repeated", async () => {
    let broken = true;
    await given({
      onEngine: (operation) => {
        if (operation === "down dr" && broken) throw new Error("throttled");
      },
    });
    await run("up");
    expect((await run("down")).ending).to.equal("failed");
    broken = false;
    expect((await run("down")).ending).to.equal("done");
  });

  it("does not remove stacks that are protected, which those on AWS are by default", async () => {
    await given({ sandbox: false });
    await run("up --target aws --yes");
    const outcome = await run("down --yes");
    expect(outcome.ending).to.equal("refused");
    expect(outcome.text).to.contain("lockstep:protect");
    expect(deps.seen.engine.filter((e) => e.startsWith("down"))).to.deep.equal([]);
  });

  it("asks before it ends protection on AWS", async () => {
    await given({ sandbox: false, tracked: { "lockstep:protect": false } });
    await run("up --target aws --yes");
    const outcome = await run("down");
    expect(outcome.ending).to.equal("refused");
    expect(outcome.text).to.contain("--yes");
    expect((await run("down --yes")).ending).to.equal("done");
  });

  it("shows outputs, and what to do where there are none", async () => {
    await given();
    expect((await run("outputs")).ending).to.equal("refused");
    await run("up");
    expect((await run("outputs")).data).to.deep.equal({
      primary: { table: "primary-ledger", count: 2 },
      dr: { table: "dr-ledger", count: 2 },
    });
  });
});
