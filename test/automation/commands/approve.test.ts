import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { APPROVAL_LIFE_MS } from "../../../core/planner/guard.js";
import { commandOf } from "../../support/command.js";
import { type FakeOptions, type Fakes, fakes, PRIMARY } from "../fakes.js";
import { instance, point, world } from "../worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");

/** Ten points at home that tell no rule, all copied, under a policy that keeps two. */
const tooMany = (count = 10) => {
  const ages = Array.from({ length: count }, (_, i) => NOW - (i + 1) * 60_000);
  const points = ages.map((at) => point({ resource: "i-1", region: PRIMARY.region, at }));
  const copy = point({ resource: "i-1", region: "eu-central-1", at: NOW - 60_000 });
  return world(NOW, [instance("i-1", NOW)], [...points, copy]);
};

describe("approve", () => {
  let deps: Fakes;
  const run = (line: string) => dispatch(commandOf(...line.split(" ")), deps);
  const given = async (options: FakeOptions) => {
    deps = await fakes(options);
    await run("up");
  };
  afterEach(() => deps.cleanUp());

  /** What waits, by what `plan` says. */
  const held = async () => {
    const { actions } = (await run("plan")).data as { actions: { do: string; point: string; reason: string }[] };
    const holds = actions.filter((action) => action.do === "pending-approval");
    const name = /lockstep approve (\S+?)\)?$/.exec(holds[0]?.reason ?? "")?.[1] ?? "";
    return { holds, name };
  };

  it("lets what `plan` shows as held back go, after asking", async () => {
    await given({ world: tooMany, confirm: true });
    const { holds, name } = await held();
    expect(holds).to.have.length(8);
    const outcome = await run(`approve ${name}`);
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(deps.seen.questions.join()).to.contain("8 recovery point(s) would be deleted for good").and.contain("i-1");
    expect(deps.seen.approvals).to.have.length(1);
    expect(deps.seen.approvals[0]).to.include({ name, region: PRIMARY.region, until: NOW + APPROVAL_LIFE_MS });
    const shown = holds.map((hold) => hold.point);
    const snapshots = tooMany().regions[PRIMARY.region];
    const parts = snapshots?.complete
      ? snapshots.points.filter(({ id }) => shown.includes(id)).flatMap((p) => p.artifacts)
      : [];
    expect(deps.seen.approvals[0]?.artifacts).to.have.members(parts.map(({ id: snapshot }) => snapshot));
  });

  it("asks nobody with --yes, and refuses where nobody says yes", async () => {
    await given({ world: tooMany });
    const { name } = await held();
    const refused = await run(`approve ${name}`);
    expect(refused.ending).to.equal("refused");
    expect(refused.text).to.contain(`lockstep approve ${name} --yes`);
    expect(deps.seen.approvals).to.deep.equal([]);
    expect((await run(`approve ${name} --yes`)).ending).to.equal("done");
    expect(deps.seen.approvals).to.have.length(1);
  });

  it("takes the id of the run that held it back, as long as that is still all", async () => {
    await given({ world: tooMany });
    const { name } = await held();
    await deps.cleanUp();
    await given({ world: tooMany, heldBy: (id) => (id === "run-1" ? [name] : id === "run-0" ? ["held-0", name] : []) });
    expect((await run("approve run-1 --yes")).ending).to.equal("done");
    expect(deps.seen.approvals).to.have.length(1);
    expect((await run("approve run-0 --yes")).ending).to.equal("refused");
    expect(deps.seen.approvals).to.have.length(1);
  });

  it("approves nothing that was not shown: what has changed has another name", async () => {
    await given({ world: tooMany });
    const { name } = await held();
    await deps.cleanUp();
    await given({ world: () => tooMany(11) });
    const changed = await run(`approve ${name} --yes`);
    expect(changed.ending).to.equal("refused");
    expect(changed.text)
      .to.contain(name)
      .and.to.contain((await held()).name)
      .and.to.contain("9 recovery point(s)");
    await deps.cleanUp();
    await given({ world: () => tooMany(3) });
    expect(await run(`approve ${name} --yes`)).to.include({ ending: "refused", text: "Nothing waits for approval." });
    expect(deps.seen.approvals).to.deep.equal([]);
  });

  it("run says what waits, and approves it with --yes", async () => {
    await given({ world: tooMany });
    const { name } = await held();
    const asked = await run("run");
    expect(asked.text).to.contain(`8 recovery point(s) wait for approval before they are deleted: ${name}`);
    expect(deps.seen.approvals).to.deep.equal([]);
    expect((await run("run --yes")).text).to.contain("Approved: 8 recovery point(s)");
    expect(deps.seen.approvals.map((approval) => approval.name)).to.deep.equal([name]);
  });
});
