import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import type { StackChanges } from "../../automation/deploy/engine.js";
import { wholeIn } from "../../automation/estate/points.js";
import { livingIn } from "../../core/inventory/lineage.js";
import type { Status } from "../../core/report/status.js";
import { Scribe } from "../../demo/data.js";
import type { Held } from "../../demo/day.js";
import { Exposure } from "../../demo/exposure.js";
import { FileScribe } from "../../demo/file-data.js";
import { prove } from "../../demo/proof.js";
import { threeDays } from "../../demo/three-days.js";
import { plan } from "../core/worlds.js";
import { whatIsChangedByHand } from "./changes.js";
import { FILES, importsWhatOthersBackedUp, ofFileSystems } from "./file-systems.js";
import { configOf, DEPLOYMENT, DR, Harness, POLICY, PRIMARY, SCHEDULE, until } from "./harness.js";
import { leftovers } from "./leftovers.js";
import { forgetEvents, missingSince, nothingTwice, openIn, pointsIn, protectedIn, settledByTicks } from "./looks.js";
import { takesInWhatOthersMake } from "./others.js";
import { whatPeopleAsk } from "./people.js";
import { wrongRights } from "./rights.js";

/** The tests build on each other, as the days of an environment do. */
describe("two regions, end to end", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;
  let scribe: Scribe;
  let held: Held;
  let made = 0;

  before(async () => {
    t = await Harness.start();
    scribe = new Scribe(t.admin);
  });
  after(() => t?.stop());

  const world = async () => (await (await t.estate()).worlds())[0];
  const change = async () => {
    held = { ...held, volumes: await scribe.write(livingIn(await world()) ?? []) };
  };
  const cycle = async () => {
    const outcome = await t.command(`run --policy ${POLICY} --wait --timeout 600`);
    expect(outcome.ending, outcome.text).to.equal("done");
    made += 1;
  };
  /** Asks for points without waiting for them. Returns the time they are made for. */
  const ask = async (): Promise<number> => {
    const outcome = await t.command(`run --policy ${POLICY}`);
    expect(outcome.ending, outcome.text).to.equal("done");
    made += 1;
    return Date.parse((outcome.data as { at: string }).at);
  };
  const proven = async () => {
    const proofs = await prove([await world()], { made, held }, t.readers);
    expect(proofs).to.have.length(2);
    expect(proofs.flatMap((p) => p.problems)).to.deep.equal([]);
    // One to boot from and two with data.
    for (const proof of proofs) expect(proof).to.include({ verified: 3, members: 3 });
  };

  it("deploys both regions and a workload", async () => {
    const outcome = await up({ env: "default", target: "sandbox", workload: true, config: configOf(FILES) }, t.deps);
    expect(outcome.ending, outcome.text).to.equal("done");
    const { stacks } = outcome.data as { stacks: Record<string, { changes: Record<string, number> }> };
    expect(Object.keys(stacks)).to.have.members(["primary", "dr", "workload"]);
    for (const [id, { changes }] of Object.entries(stacks)) expect(Object.keys(changes), id).to.deep.equal(["create"]);
  });

  it("previews nothing to change", async () => {
    const outcome = await t.command("preview");
    expect(outcome.ending, outcome.text).to.equal("done");
    const { stacks } = outcome.data as { stacks: Record<string, StackChanges> };
    expect(Object.keys(stacks)).to.have.members(["primary", "dr", "workload"]);
    for (const [id, { changes, steps }] of Object.entries(stacks)) {
      expect(Object.keys(changes), id).to.deep.equal(["same"]);
      expect(steps, id).to.deep.equal([]);
    }
  });

  it("backs up for three days by the sandbox's clock, and its tick repairs a day whose events are lost", async () => {
    const exposure = new Exposure();
    const files = new FileScribe(t.admin);
    const around = { estate: await t.estate(), admin: t.admin, deps: t.deps, scribe, files, exposure };
    const days = await threeDays(SCHEDULE, around, (_, run) => run(() => undefined));
    expect(days.flatMap((d) => d.problems)).to.deep.equal([]);
    // Of two instances and a file system.
    expect(days.map((d) => d.points)).to.deep.equal([3, 3, 3]);
    expect(days.map((d) => d.expired)).to.deep.equal([
      { [PRIMARY]: 0, [DR]: 0 },
      { [PRIMARY]: 0, [DR]: 3 },
      { [PRIMARY]: 3, [DR]: 3 },
    ]);
    expect(days[1]?.copiedBecause).to.deep.equal(["tick: idle for long enough"]);
    expect(days[1]?.seconds["ebs"]).to.be.within(15 * 60, 20 * 60);
    held = days.at(-1)?.held ?? held;
    made += days.length;
    await proven();
    // What the driver says of ages is by that clock too.
    const { resources } = (await t.command("status")).data as Status;
    for (const { id, policy, points } of resources) {
      expect(points[DR]?.rpoSeconds).to.be.within(30 * 60, 26 * 3600);
      expect(exposure.worst(id, policy, DR), "a day and the quarter of an hour").to.be.within(
        86_400 + 800,
        86_400 + 1200,
      );
    }
  });

  ofFileSystems(() => t);

  it("backs up both instances and has the copies byte for byte", async () => {
    await change();
    await cycle();
    await proven();
  });

  it("repairs with its tick what a lost event of a copy left", async () => {
    await change();
    await t.faults({ mode: "lost", event: "copySnapshot", times: 1000 });
    const since = await ask();
    await until("copies in the DR region", 150_000, async () => missingSince(await world(), DR, since));
    await t.faults(undefined);
    await settledByTicks(t);
    await proven();
  });

  it("repairs with its tick what lost events of snapshots left", async () => {
    await change();
    await t.faults({ mode: "lost", times: 1000 });
    const since = await ask();
    await until("points in the primary region", 150_000, async () => missingSince(await world(), PRIMARY, since));
    await t.faults(undefined);
    // Nothing told the DR region, so there its idle look, every 15 minutes, finds it: as if they had passed.
    await t.ledger("dr").writeState({ inFlight: {}, dueAt: {}, lastRun: 0 });
    await settledByTicks(t);
    await proven();
  });

  it("makes nothing twice when every event comes twice", async () => {
    await change();
    await t.faults({ mode: "doubled", times: 1000 });
    await cycle();
    await t.faults(undefined);
    await proven();
    nothingTwice(await world());
  });

  it("makes nothing twice when events come late and runs overlap", async () => {
    await change();
    await t.faults({ mode: "late", millis: 3_000, times: 1000 });
    const cycled = cycle();
    for (let left = 10; left > 0; left--) {
      await Promise.all([t.overlap("primary"), t.overlap("dr"), t.tick("primary"), t.tick("dr")]);
    }
    await cycled;
    await t.faults(undefined);
    await proven();
    nothingTwice(await world());
  });

  it("ends in the same state when calls are throttled and functions die in the middle of their work", async () => {
    await change();
    await t.goesWrong({
      calls: [
        { mode: "throttle", service: "ec2", caller: `${DEPLOYMENT}-*`, percent: 20 },
        { mode: "kill", action: "CreateSnapshots", caller: `${DEPLOYMENT}-*`, times: 1 },
        { mode: "kill", action: "CopySnapshot", caller: `${DEPLOYMENT}-*`, times: 1 },
        { mode: "timeout", action: "CopySnapshot", caller: `${DEPLOYMENT}-*`, times: 1 },
      ],
    });
    const since = await ask();
    // What the dead had claimed and not done is free when their claims have lapsed: time passes while nobody is at work, and
    // with it the ticks come.
    await until("copies in the DR region", 200_000, async () => {
      const missing = missingSince(await world(), DR, since);
      const busy = await (await t.estate()).busy();
      if (missing.length > 0 && busy.length === 0) await t.admin.moveClock((await t.admin.now()) + 6 * 60_000);
      return missing;
    });
    const { calls } = (await t.request("GET", "faults")) as { calls: { mode: string }[] };
    expect(
      calls.map(({ mode }) => mode),
      "all who were to die did",
    ).to.deep.equal(["throttle"]);
    await t.goesWrong(undefined);
    await settledByTicks(t);
    await proven();
    nothingTwice(await world());
  });

  it("deletes nothing while the DR region cannot be reached, and makes up for it afterwards", async () => {
    await change();
    const before = await world();
    await t.goesWrong({ calls: { mode: "unreachable", region: DR } });
    const since = await ask();
    await until("points in the primary region", 150_000, async () => {
      await t.tick("primary");
      return missingSince(await world(), PRIMARY, since);
    });
    const cut = await world();
    expect(cut.regions[DR]).to.include({ complete: false });
    const left = new Set(pointsIn(cut, PRIMARY).map(({ id }) => id));
    expect(pointsIn(before, PRIMARY).filter(({ id }) => !left.has(id))).to.deep.equal([]);
    await t.goesWrong(undefined);
    await t.ledger("dr").writeState({ inFlight: {}, dueAt: {}, lastRun: 0 });
    // Not until nobody is busy: events that DR's trigger failed on are away until their visibility timeout is over.
    await until("copies in the DR region", 150_000, async () => {
      for (const role of ["dr", "primary"] as const) await t.tick(role);
      const now = await world();
      return [...missingSince(now, DR, since), ...openIn(now)];
    });
    await forgetEvents(t, "dr");
    await proven();
  });

  it("keeps what the policy says in each region, and plans nothing more", async () => {
    const now = await world();
    for (const { id } of protectedIn(now)) {
      expect(wholeIn(now, PRIMARY, POLICY, id), `${id} in ${PRIMARY}`).to.have.length(2);
      expect(wholeIn(now, DR, POLICY, id), `${id} in ${DR}`).to.have.length(1);
    }
    expect(plan(now).filter((a) => a.do !== "keep")).to.deep.equal([]);
    const status = await t.command("status");
    const { resources } = status.data as { resources: { problems: string[] }[] };
    expect(resources.flatMap((r) => r.problems)).to.deep.equal([]);
    const { data, text } = await t.command("doctor");
    const { findings } = data as { findings: { ok: boolean; what: string }[] };
    const wrong = findings.flatMap(({ ok, what }) => (ok ? [] : [what]));
    // Nobody has subscribed here; a suite with subscribers is test/long/environments.test.ts.
    expect(wrong, text).to.have.members([`alerts of primary (${PRIMARY})`, `alerts of dr (${DR})`]);
  });

  it("has nothing to approve, and an approval reaches the controller of its region", async () => {
    expect(await t.command("approve held-0 --yes")).to.include({
      ending: "refused",
      text: "Nothing waits for approval.",
    });
    const approval = { region: DR, artifacts: ["snap-0"], until: Date.now() };
    await (await t.estate()).approve({ name: "held-0", ...approval });
    expect((await t.ledger("dr").memory()).approved).to.deep.equal([approval]);
    expect((await t.ledger("primary").memory()).approved).to.deep.equal([]);
    expect((await world()).memory?.approved).to.deep.equal([approval]);
  });

  whatIsChangedByHand(() => t);
  whatPeopleAsk(() => t);

  it("C-F17 C-F18: takes in, copies and prunes the snapshots that somebody makes of a volume", () =>
    takesInWhatOthersMake(t));

  it("imports a backup that another system made of the file system", () => importsWhatOthersBackedUp(t));

  it("did all that with no right that it lacked, and none that it did not need", async () => {
    expect(await wrongRights(t, DEPLOYMENT)).to.deep.equal([]);
  });

  it("removes everything but the recovery points", async () => {
    const all = await (await t.estate()).worlds();
    const [before] = all;
    const outcome = await t.command("down");
    expect(outcome.ending, outcome.text).to.equal("done");
    const ofAll = (region: string) => all.reduce((n, one) => n + pointsIn(one, region).length, 0);
    const kept = Object.fromEntries([PRIMARY, DR].map((r) => [r, ofAll(r)]));
    expect(outcome.data).to.have.property("pointsKept").that.deep.equals(kept);
    const left = await leftovers(t);
    expect(left.resources).to.deep.equal([]);
    const parts = (region: string) => pointsIn(before, region).reduce((n, p) => n + p.artifacts.length, 0);
    expect(left.snapshots).to.deep.equal({ [PRIMARY]: parts(PRIMARY), [DR]: parts(DR) });
    expect(await t.command("down")).to.include({ ending: "done" });
  });
});
