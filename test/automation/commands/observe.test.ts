import { expect } from "chai";
import type { Command } from "../../../automation/cli/cli.js";
import { dispatch } from "../../../automation/cli/dispatch.js";
import type { Inventory, Point } from "../../../core/model/model.js";
import { commandOf } from "../../support/command.js";
import { DR, type FakeOptions, type Fakes, fakes, PRIMARY } from "../fakes.js";
import { instance, point, SIZE_GIB, world } from "../worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const OLD = NOW - 60_000;

const command = (line: string): Command => commandOf(...line.split(" "));

describe("plan, status and run", () => {
  let deps: Fakes;
  const run = (line: string) => dispatch(command(line), deps);
  const given = async (options: FakeOptions) => {
    deps = await fakes(options);
    await run("up");
  };
  afterEach(() => deps.cleanUp());

  it("plan says what would be done, where and why", async () => {
    await given({
      world: () => world(NOW, [instance("i-1", NOW)], [point({ resource: "i-1", region: PRIMARY.region, at: OLD })]),
    });
    const outcome = await run("plan");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(outcome.data).to.have.property("now", "2026-01-01T00:00:00.000Z");
    const { actions } = outcome.data as { actions: Record<string, unknown>[] };
    expect(actions).to.have.length(1);
    expect(actions[0]).to.have.all.keys("do", "region", "resource", "point", "policy", "reason");
    expect(actions[0]).to.include({ do: "copy", region: DR.region, resource: "i-1", policy: "gold" });
    expect(outcome.text).to.contain("copy").and.to.contain(DR.region);
    expect(deps.seen.triggers).to.deep.equal([]);
  });

  it("plan says what the first seeding takes, while there is a first copy to make", async () => {
    const home = point({ resource: "i-1", region: PRIMARY.region, at: OLD });
    await given({ world: () => world(NOW, [instance("i-1", NOW), instance("i-2", NOW)], [home]) });
    const outcome = await run("plan");
    const { seeding } = outcome.data as { seeding: unknown };
    expect(seeding).to.deep.include({
      home: { region: PRIMARY.region, resources: 1, members: 1, gib: SIZE_GIB, storageMonth: SIZE_GIB * 0.05 },
    });
    expect(seeding).to.have.nested.include({
      "copies[0].region": DR.region,
      "copies[0].members": 2,
      "copies[0].waves": 1,
    });
    expect(outcome.text).to.contain("First seeding").and.to.contain("50 MiB/s").and.to.contain("us-east-1");
    const copied = [home, point({ resource: "i-1", region: DR.region, at: OLD })];
    await given({ world: () => world(NOW, [instance("i-1", NOW)], copied) });
    const later = await run("plan");
    expect(later.data).to.have.property("seeding", null);
    expect(later.text).to.equal("Nothing to do.");
  });

  it("plan --all also says what is kept", async () => {
    const points = [PRIMARY.region, DR.region].map((region) => point({ resource: "i-1", region, at: OLD }));
    await given({ world: () => world(NOW, [instance("i-1", NOW)], points) });
    expect(await run("plan")).to.deep.include({ ending: "done", text: "Nothing to do." });
    const { actions } = (await run("plan --all")).data as { actions: { do: string }[] };
    expect(actions.map((a) => a.do)).to.deep.equal(["keep", "keep"]);
  });

  it("plan shows what the next run takes in, what it cannot, and that it could not look", async () => {
    const { policies } = world(NOW, [], []);
    const [policy] = policies;
    const [volume] = instance("i-1", NOW).members;
    if (policy === undefined || volume === undefined) throw new Error("the world has none");
    const planned = {
      ...{ point: "lsp-7", policy: policy.name, resource: volume.id, name: "", scheduled: NOW },
      ...{ region: PRIMARY.region, members: [volume] },
    };
    const taken = [{ artifact: "snap-7", member: volume.id, tags: {}, planned }];
    const refused = [{ artifact: "snap-8", why: "51 tags" }];
    await given({ world: () => world(NOW, [], []), takingIn: () => ({ watched: 1, taken, left: [], refused }) });
    const [first, second] = ((await run("plan")).data as { actions: object[] }).actions;
    const from = { region: PRIMARY.region, resource: volume.id, policy: policy.name };
    expect(first).to.deep.equal({ ...from, do: "take-in", point: "lsp-7", reason: "somebody else made snap-7" });
    expect(second).to.include({ do: "alert", reason: "snap-8 cannot be taken in: 51 tags" });
    const away = (): never => {
      throw new Error("timed out");
    };
    await given({ world: () => world(NOW, [], []), takingIn: away });
    expect((await run("plan")).text).to.contain("what others made was not read: timed out");
  });

  it("plan says which controller's ledger it could not read, first", async () => {
    await given({
      world: () => world(NOW, [instance("i-1", NOW)], [point({ resource: "i-1", region: PRIMARY.region, at: OLD })]),
      ledgers: () => [
        { region: PRIMARY.region, role: "primary", open: [], lastRun: NOW },
        { region: DR.region, role: "dr", problem: "timed out" },
      ],
    });
    const outcome = await run("plan");
    const [first, ...others] = (outcome.data as { actions: Record<string, unknown>[] }).actions;
    expect(first).to.include({ do: "alert", region: DR.region });
    expect(first?.["reason"]).to.contain("the ledger of dr cannot be read").and.to.contain("timed out");
    expect(others.map((row) => row["do"])).to.deep.equal(["copy"]);
  });

  it("explain gives the planner's reasons for a point, or for a snapshot of one", async () => {
    const home = point({ resource: "i-1", region: PRIMARY.region, at: OLD });
    await given({ world: () => world(NOW, [instance("i-1", NOW)], [home]) });
    for (const name of [home.id, home.artifacts[0]?.id]) {
      const outcome = await run(`explain ${name}`);
      expect(outcome.ending, outcome.text).to.equal("done");
      expect(outcome.data).to.include({ point: home.id, policy: "gold", resource: "i-1" });
      expect(outcome.text).to.contain("newest completed; count 1 of 2").and.to.contain("copy: ");
    }
  });

  it("explain fails for a point that is nowhere, and names regions it could not look into", async () => {
    const seen = world(NOW, [instance("i-1", NOW)], []);
    const regions = { ...seen.regions, [DR.region]: { complete: false, reason: "timed out" } as const };
    await given({ world: () => ({ ...seen, regions }) });
    const outcome = await run("explain lsp-0");
    expect(outcome.ending).to.equal("failed");
    expect(outcome.text).to.contain("lsp-0").and.to.contain(`${DR.region} could not be read: timed out`);
  });

  it("status counts points and tells problems", async () => {
    await given({
      world: () => world(NOW, [instance("i-1", NOW)], [point({ resource: "i-1", region: PRIMARY.region, at: OLD })]),
    });
    const outcome = await run("status");
    const { regions, resources } = outcome.data as { regions: string[]; resources: Record<string, unknown>[] };
    expect(regions).to.deep.equal([PRIMARY.region, DR.region]);
    expect(resources[0]).to.have.all.keys("id", "kind", "name", "policy", "points", "problems");
    const home = { completed: 1, pending: 0, failed: 0, newest: "2025-12-31T23:59:00.000Z", rpoSeconds: 60 };
    expect(resources[0])
      .to.have.nested.property("points")
      .that.deep.includes({ [PRIMARY.region]: home });
    expect(outcome.text)
      .to.contain("i-1-name")
      .and.to.contain("1 min")
      .and.to.contain("no completed point in eu-central-1");
  });

  it("without an environment says what to do first", async () => {
    deps = await fakes();
    for (const line of ["plan", "status", "run", "outputs --env blue"]) {
      const outcome = await run(line);
      expect(outcome.ending, line).to.equal("refused");
      expect(outcome.text, line).to.contain("lockstep up");
    }
  });

  it("fails when AWS cannot be reached", async () => {
    await given({});
    expect(await run("status")).to.include({ ending: "failed", text: "AWS cannot be reached" });
  });

  it("run asks once and does not wait unless told", async () => {
    await given({ world: () => world(deps.now(), [instance("i-1", NOW), instance("i-2", NOW, "none")], []) });
    const outcome = await run("run --policy gold --resource i-1");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(deps.seen.triggers).to.deep.equal([{ policy: "gold", resources: ["i-1"] }]);
    expect(outcome.data).to.deep.include({
      wanted: [{ resource: "i-1", policy: "gold", regions: [PRIMARY.region, DR.region] }],
    });
  });

  it("run waits where a resource's own tags want its points, too", async () => {
    const tagged = { ...instance("i-1", NOW), tags: { Backup: "gold", BackupCrossRegion: DR.region } };
    const plain = world(deps.now(), [tagged, instance("i-2", NOW)], []);
    const policies = plain.policies.map((policy) => ({ ...policy, copy: [] }));
    await given({ world: () => ({ ...plain, policies, drRegions: [DR.region] }) });
    const { data } = await run("run");
    const { wanted } = data as { wanted: { resource: string; regions: string[] }[] };
    expect(wanted.map(({ resource, regions }) => [resource, ...regions])).to.deep.equal([
      ["i-1", PRIMARY.region, DR.region],
      ["i-2", PRIMARY.region],
    ]);
  });

  it("run names a policy or resource that is not there, and asks for nothing", async () => {
    await given({ world: () => world(deps.now(), [instance("i-1", NOW), instance("i-2", NOW, "none")], []) });
    const policy = await run("run --policy silver");
    expect(policy.ending).to.equal("usage");
    expect(policy.text).to.contain("silver").and.to.contain("gold");
    const resource = await run("run --resource i-2");
    expect(resource.ending).to.equal("usage");
    expect(resource.text).to.contain("i-2");
    expect(deps.seen.triggers).to.deep.equal([]);
  });

  it("run refuses while the stacks only plan, and status says so", async () => {
    await given({ world: () => ({ ...world(deps.now(), [instance("i-1", NOW)], []), mode: "plan" }) });
    const refused = await run("run");
    expect(refused.ending).to.equal("refused");
    expect(refused.text).to.contain("lockstep:mode is plan");
    expect(deps.seen.triggers).to.deep.equal([]);
    const seen = await run("status");
    expect(seen.data).to.include({ mode: "plan" });
    expect(seen.text).to.contain("lockstep:mode is plan");
  });

  it("run fails when nothing is selected", async () => {
    await given({ world: () => world(deps.now(), [], []) });
    const outcome = await run("run");
    expect(outcome.ending).to.equal("failed");
    expect(outcome.text).to.contain("nothing to back up");
  });

  it("run --wait is done when the point is complete in both regions and nobody works", async () => {
    const steps: { points: Point[]; busy: string[] }[] = [];
    const asked = { at: 0 };
    const at = (region: string, state: "completed" | "pending") =>
      point({ resource: "i-1", region, at: asked.at, state });
    const now = (): { points: Point[]; busy: string[] } => steps[0] ?? { points: [], busy: [] };
    const seen: Inventory[] = [];
    await given({
      onTrigger: (time) => {
        asked.at = time;
        const whole = [at(PRIMARY.region, "completed"), at(DR.region, "completed")];
        steps.push(
          { points: [at(PRIMARY.region, "pending")], busy: ["primary"] },
          { points: [at(PRIMARY.region, "completed"), at(DR.region, "pending")], busy: [] },
          { points: whole, busy: ["dr"] },
          { points: whole, busy: [] },
        );
      },
      busy: () => now().busy,
      world: () => {
        const next = world(deps.now(), [instance("i-1", NOW)], now().points);
        if (steps.length > 1) steps.shift();
        seen.push(next);
        return next;
      },
    });
    const outcome = await run("run --wait");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(seen).to.have.length(5);
  });

  it("run goes by the controller's clock, not by ours", async () => {
    const behind = 600_000;
    const made = (at: number) => point({ resource: "i-1", region: PRIMARY.region, at, state: "completed" });
    await given({ ahead: behind, world: () => world(deps.now(), [instance("i-1", NOW)], [made(NOW + behind - 1)]) });
    const outcome = await run("run");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(outcome.data).to.have.property("at", new Date(NOW + behind).toISOString());
  });

  it("run --wait says what is missing when the time is up", async () => {
    await given({
      world: () => {
        const at = deps.seen.triggers.length === 0 ? undefined : NOW;
        const failed = at === undefined ? [] : [point({ resource: "i-1", region: PRIMARY.region, at, state: "error" })];
        return world(deps.now(), [instance("i-1", NOW)], failed);
      },
      busy: () => ["lockstep-dr-reconcile in eu-central-1"],
    });
    const outcome = await run("run --wait --timeout 30");
    expect(outcome.ending).to.equal("failed");
    expect(outcome.text).to.contain("the key is disabled");
    expect(outcome.text).to.contain("eu-central-1: there is no point of i-1 by gold");
    expect(outcome.text).to.contain("lockstep-dr-reconcile in eu-central-1 is still running");
    expect(outcome.data).to.have.property("reasons").with.length(3);
  });
});
