import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { uninterrupted } from "../../../automation/cli/signals.js";
import { settle } from "../../../automation/estate/settling.js";
import type { Seeding } from "../../../core/report/seeding.js";
import { DR as AWAY, HOME, NOW, point, policy, SLOT, world } from "../../core/worlds.js";
import { backup, backupId, fileSystem, fsxWorld, volume } from "../../kinds/fsx/worlds.js";
import { commandOf } from "../../support/command.js";
import { type Fakes, fakes } from "../fakes.js";

const mixed = policy({ kinds: ["instance", "fsx", "ontap-volume"] });
const both = { policies: [mixed] };
const ebs = (input: Parameters<typeof world>[0] = {}) => world({ ...both, ...input });
const fsx = (input: Parameters<typeof fsxWorld>[0] = {}) => fsxWorld({ ...both, ...input });
const whole = { points: [point({ at: SLOT }), point({ at: SLOT, region: AWAY })] };

describe("the command, with policies of two kinds", () => {
  let deps: Fakes | undefined;
  afterEach(async () => {
    await deps?.cleanUp();
    deps = undefined;
  });
  const given = async (...inventories: [ReturnType<typeof ebs>, ...ReturnType<typeof ebs>[]]) => {
    const own = await fakes({ world: () => inventories });
    deps = own;
    const run = (...argv: string[]) => dispatch(commandOf(...argv), own);
    await run("up");
    return run;
  };

  it("status has the resources of both, and each problem with the advice of its kind", async () => {
    const failed = [{ at: SLOT, over: { lifecycle: "FAILED" } }].map(backup);
    const run = await given(ebs(whole), fsx({ backups: failed }));
    const outcome = await run("status");
    const { resources, problems } = outcome.data as {
      resources: readonly { readonly id: string; readonly kind: string }[];
      problems: readonly { readonly cause: string; readonly kind?: string; readonly advice: string }[];
    };
    expect(resources.map(({ id, kind }) => [id, kind])).to.deep.equal([
      ["fsx:fs-01", "fsx"],
      ["i-1", "instance"],
    ]);
    const about = problems.filter(({ cause }) => cause === "point-failed");
    expect(about.map(({ kind }) => kind)).to.deep.equal(["fsx"]);
    expect(about[0]?.advice).to.contain("FSx could not finish the backup");
  });

  it("plan decides about both, and says what each takes at first, in its own words", async () => {
    const run = await given(ebs(), fsx());
    const outcome = await run("plan");
    const { actions, seeding, seedingByKind } = outcome.data as {
      actions: readonly { readonly do: string; readonly resource: string }[];
      seeding: Seeding;
      seedingByKind: Readonly<Record<string, Seeding>>;
    };
    expect(actions.filter((one) => one.do === "create").map(({ resource }) => resource)).to.have.members([
      "i-1",
      "fsx:fs-01",
    ]);
    expect(Object.keys(seedingByKind)).to.deep.equal(["ebs", "fsx"]);
    const [first, second] = Object.values(seedingByKind);
    expect(seeding.home.resources).to.equal(2);
    expect(seeding.home.gib).to.equal((first?.home.gib ?? 0) + (second?.home.gib ?? 0));
    expect(seeding.copies[0]).to.include({ region: AWAY, resources: 2, slots: 18 + 4 });
    expect(outcome.text).to.contain('"Amazon EBS pricing"').and.to.contain('"Amazon FSx pricing"');
    expect(outcome.text).to.contain("whole volumes are counted").and.to.contain("whole file systems are counted");
  });

  it("explain finds points of both, and what is unknown of their own kind alone", async () => {
    const unknown = { [AWAY]: "throttled" };
    const run = await given(ebs(whole), fsx({ backups: [backup({ at: SLOT })], unknown }));
    const ofFsx = await run("explain", backupId(SLOT));
    expect(ofFsx.text).to.contain("fsx:fs-01").and.to.contain(`${AWAY} could not be read: throttled`);
    expect((await run("explain", point({ at: SLOT }).id)).text).to.not.contain("throttled");
    const none = await run("explain", "lsp-none");
    expect(none.text).to.contain("none has such a snapshot or backup").and.to.contain("throttled");
  });

  it("run asks for points of both, and for copies where there can be some", async () => {
    const run = await given(ebs(), fsx({ resources: [fileSystem(), volume()] }));
    const { data } = await run("run");
    const { wanted } = data as {
      wanted: readonly { readonly resource: string; readonly regions: readonly string[] }[];
    };
    expect(wanted).to.have.deep.members([
      { resource: "i-1", policy: "hourly", regions: [HOME, AWAY] },
      { resource: "fsx:fs-01", policy: "hourly", regions: [HOME, AWAY] },
      { resource: "fsx:fsvol-01", policy: "hourly", regions: [HOME] },
    ]);
  });

  it("run needs no more of home than what it asks for is of", async () => {
    const plain = [mixed, policy({ name: "plain", kinds: ["instance"] })];
    const unknown = { [HOME]: "throttled" };
    const run = await given(ebs({ policies: plain }), fsx({ policies: plain, unknown }));
    expect((await run("run", "--policy", "plain")).ending).to.equal("done");
    const outcome = await run("run", "--policy", "hourly");
    expect(outcome.ending).to.equal("failed");
    expect(outcome.text).to.contain(`${HOME} could not be read: throttled`);
  });

  it("adopt asks the kinds of the policy", async () => {
    const asked = async (kinds: string[]) => {
      const policies = [policy({ kinds })];
      const run = await given(ebs({ policies }), fsx({ policies }));
      const { text } = await run("adopt", "--policy", "hourly", "--from", "aws-backup");
      const { importing } = deps?.seen ?? { importing: [] };
      await deps?.cleanUp();
      deps = undefined;
      return { importing, text };
    };
    expect(await asked(["volume"])).to.deep.equal({ importing: ["ebs"], text: "No snapshot has such tags." });
    expect(await asked(["fsx"])).to.deep.equal({ importing: ["fsx"], text: "No backup has such tags." });
    expect(await asked(["instance", "ontap-volume"])).to.deep.equal({
      importing: ["ebs", "fsx"],
      text: "No snapshot or backup has such tags.",
    });
  });

  it("waiting says what is missing in the words of its kind", async () => {
    const pending = [backup({ at: SLOT, over: { lifecycle: "CREATING" } })];
    const estate = {
      busy: async () => [],
      worlds: async () => [ebs(whole), fsx({ backups: pending })] as const,
    };
    const clock = { now: () => NOW, sleep: async () => undefined, interruption: uninterrupted() };
    const wanted = [{ resource: "fsx:fs-01", policy: "hourly", regions: [HOME], since: SLOT }];
    const reasons = await settle({ wanted, timeoutMs: 0 }, estate, clock, () => undefined);
    expect(reasons[0]).to.contain("has 0 of 1 backups complete");
  });
});
