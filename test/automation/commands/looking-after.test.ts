import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { readEnv, writeEnv } from "../../../automation/deploy/envs.js";
import type { Lock } from "../../../automation/deploy/locks.js";
import type { Finding } from "../../../automation/tools.js";
import { commandOf } from "../../support/command.js";
import { DR, type FakeOptions, type Fakes, fakes, PRIMARY } from "../fakes.js";
import { instance, point, world } from "../worlds.js";

const LEFT: Lock = { file: "1.json", owner: "u@here, process 7, since noon", alive: false, pid: 7 };

const NOW = Date.parse("2026-01-01T00:00:00Z");
const points = [PRIMARY.region, DR.region].map((region) => point({ resource: "i-1", region, at: NOW - 60_000 }));
const protectedWorld = world(NOW, [instance("i-1", NOW)], points);

describe("preview, refresh, cancel, purge and doctor", () => {
  let deps: Fakes;
  const given = async (options: FakeOptions = {}) => {
    deps = await fakes(options);
  };
  const run = (line: string) => dispatch(commandOf(...line.split(" ")), deps);
  const deployed = async (options: FakeOptions = {}) => {
    await given(options);
    expect((await run("up")).ending).to.equal("done");
    deps.seen.engine.length = 0;
  };
  afterEach(() => deps.cleanUp());

  it("previews what does not exist yet, and leaves no trace of it", async () => {
    await given();
    const outcome = await run("preview");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(outcome.text).to.contain("update aws:sns/topic:Topic alerts-topic: tags");
    expect(deps.seen.engine).to.deep.equal([
      "prepare primary dr",
      "preview primary",
      "preview dr",
      "discard primary",
      "discard dr",
    ]);
    expect(await readEnv(deps.places, "default")).to.equal(undefined);
  });

  it("previews an environment that exists, and keeps it", async () => {
    await deployed();
    expect((await run("preview --workload")).ending).to.equal("done");
    expect(deps.seen.engine.filter((e) => e.startsWith("discard"))).to.deep.equal(["discard workload"]);
    expect((await readEnv(deps.places, "default"))?.stacks.map((s) => s.id)).to.deep.equal(["primary", "dr"]);
  });

  it("refreshes and says what differs", async () => {
    await deployed();
    const outcome = await run("refresh");
    expect(outcome.data).to.include({ drifted: true });
    expect(outcome.text).to.contain("alerts-topic").and.to.contain("lockstep up");
  });

  it("hands on what a person knows of interrupted resources, and refuses what belongs to no stack", async () => {
    await deployed();
    const known = "urn:pulumi:primary::lockstep::aws:kms/key:Key::key";
    expect((await run(`up --adopt ${known}=k-1`)).ending).to.equal("done");
    expect(await run("up --forget urn:pulumi:other::a::b::c")).to.include({ ending: "usage" });
    expect(await run(`up --adopt ${known}`)).to.include({ ending: "usage" });
  });

  it("cancels the lock of a process that is gone, and no other without --yes", async () => {
    await deployed({ locks: [LEFT] });
    const outcome = await run("cancel");
    expect(outcome.text).to.contain("process 7").and.to.contain("no longer runs");
    expect(deps.seen.engine).to.deep.equal(["cancel primary"]);
    await deps.cleanUp();
    await deployed({ locks: [{ ...LEFT, alive: true }] });
    const refused = await run("cancel");
    expect(refused.ending).to.equal("refused");
    expect(refused.text).to.contain("lockstep cancel --yes");
    expect(deps.seen.engine).to.deep.equal([]);
    expect((await run("cancel --yes")).ending).to.equal("done");
    expect(deps.seen.engine).to.deep.equal(["cancel primary"]);
  });

  it("purges after the controllers are gone, when it is told to", async () => {
    await deployed();
    const refused = await run("down --purge");
    expect(refused.ending).to.equal("refused");
    expect(refused.text).to.contain("--purge --yes");
    expect(deps.seen.questions).to.have.length(1);
    expect(deps.seen.engine).to.deep.equal([]);
    const outcome = await run("down --purge --yes");
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(deps.seen.engine).to.deep.equal(["down primary", "down dr", "purge eu-west-1", "purge eu-central-1"]);
    expect(outcome.data).to.have.nested.property("purged.eu-west-1.deleted", 4);
  });

  it("purges when a person says yes", async () => {
    await deployed({ confirm: true });
    expect((await run("down --purge")).ending).to.equal("done");
    expect(deps.seen.questions[0]).to.contain("every recovery point").and.to.contain("eu-central-1");
  });

  it("does not purge what is protected, whoever says yes", async () => {
    await given({ sandbox: false, confirm: true });
    await run("up --target aws --yes");
    deps.seen.engine.length = 0;
    expect((await run("down --purge --yes")).ending).to.equal("refused");
    expect(deps.seen.engine).to.deep.equal([]);
  });

  it("keeps the environment's record while a recovery point could not be deleted", async () => {
    let inUse = ["snap-1 in eu-west-1: it is in use by ami-1"];
    await deployed({ inUse: (region) => (region === "eu-west-1" ? inUse : []) });
    const outcome = await run("down --purge --yes");
    expect(outcome.ending).to.equal("failed");
    expect(outcome.text).to.contain("snap-1");
    inUse = [];
    expect((await run("down --purge --yes")).ending).to.equal("done");
  });

  it("lists environments", async () => {
    await deployed();
    await run("up --env blue");
    const { data } = await run("env list");
    expect((data as { env: string }[]).map((e) => e.env)).to.deep.equal(["blue", "default"]);
  });

  describe("doctor", () => {
    const findings = async (options: FakeOptions = {}) => {
      await deployed({ world: () => protectedWorld, ...options });
      const outcome = await run("doctor");
      const { findings: all } = outcome.data as { findings: Finding[] };
      return { outcome, problems: all.filter((f) => !f.ok) };
    };

    it("finds nothing where all is well", async () => {
      const { outcome, problems } = await findings();
      expect(problems).to.deep.equal([]);
      expect(outcome.ending).to.equal("done");
      expect(outcome.text).to.contain("account 000000000000").and.to.contain("state of dr (eu-central-1): reachable");
    });

    it("finds locks that were left and addresses that nobody confirmed", async () => {
      const { outcome, problems } = await findings({ locks: [LEFT], unconfirmed: ["ops@example.com"] });
      expect(outcome.ending).to.equal("failed");
      expect(problems.map((f) => f.what)).to.deep.equal([
        "lock of primary (eu-west-1)",
        "alerts of primary (eu-west-1)",
      ]);
      expect(outcome.text).to.contain("lockstep cancel").and.to.contain("ops@example.com");
    });

    it("finds what is wrong with the recovery points, in short", async () => {
      const { outcome, problems } = await findings({ world: () => world(NOW, [], []) });
      expect(outcome.ending).to.equal("failed");
      expect(problems).to.deep.equal([
        {
          what: "recovery points",
          ok: false,
          text: "1 problem (nothing-selected); `lockstep status` lists them.",
        },
      ]);
    });

    it("finds recovery points that nobody can look at", async () => {
      const away = (): never => {
        throw new Error("AWS cannot be reached");
      };
      const { problems } = await findings({ world: away });
      expect(problems.map(({ what, text }) => `${what}: ${text}`)).to.deep.equal([
        "recovery points: AWS cannot be reached",
      ]);
    });

    it("finds an environment whose sandbox is down", async () => {
      await given({ sandbox: false });
      await run("up --target aws --yes");
      const record = await readEnv(deps.places, "default");
      if (!record) throw new Error("no record");
      await writeEnv(deps.places, { ...record, target: "sandbox" });
      const outcome = await run("doctor");
      expect(outcome.ending).to.equal("failed");
      expect(outcome.text).to.contain("lockstep sandbox up");
    });

    it("is done where nothing is deployed", async () => {
      await given();
      expect((await run("doctor")).ending).to.equal("done");
    });
  });
});
