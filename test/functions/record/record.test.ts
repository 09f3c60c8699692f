import { expect } from "chai";
import { runKeys } from "../../../core/names/names.js";
import { MAX_ROUNDS } from "../../../functions/record/record.js";
import { heldIn } from "../../../functions/store/approvals.js";
import { LEASE_MS } from "../../../functions/store/lease.js";
import { makeTrigger } from "../../../functions/trigger/trigger.js";
import { copy, create, DR, HOME, RUN, T0 } from "../executors.js";
import { failure } from "../fakes.js";
import { alert, gone, REPEAT_MS, result, seen, setUp, world } from "./recording.js";

describe("record", () => {
  it("gives the lease back, or says that marks came", async () => {
    const { lease, run, table } = setUp();
    expect(await run()).to.deep.equal({ again: false });
    expect((await lease.read(T0)).held).to.equal(false);
    await lease.acquire("execution-1", T0);
    const mark = lease.mark.bind(lease);
    const list = table.list.bind(table);
    table.list = async (pk) => {
      await mark(T0);
      return list(pk);
    };
    expect(await run()).to.deep.equal({ again: true });
    expect((await lease.read(T0)).held).to.equal(true);
  });

  it("gives the lease back after so many rounds, and leaves the marks to the tick", async () => {
    const { clock, ledger, lease, log, run, table } = setUp();
    const list = table.list.bind(table);
    const mark = lease.mark.bind(lease);
    table.list = async (pk) => {
      await mark(T0);
      return list(pk);
    };
    expect(await run({ round: MAX_ROUNDS - 1 })).to.deep.equal({ again: true });
    expect(await run({ round: MAX_ROUNDS })).to.deep.equal({ again: false });
    const { held, marks } = await lease.read(T0);
    expect(held).to.equal(false);
    expect(marks).to.be.greaterThan(0);
    const start = async () => "execution-2";
    const tick = makeTrigger({ lease, ledger, log, role: "primary", events: {}, now: clock.now, start });
    expect(await tick({ kind: "tick" })).to.include({ started: true, why: "tick: marks were left" });
  });

  it("writes expected against actual, also for a resource with nothing to do", async () => {
    const { bucket, ledger, run, table } = setUp();
    const late = result({ outcome: "later", resource: "i-1", point: "lsp-1" });
    const bad = result({ outcome: "failed", resource: "i-2", code: "IncorrectState", cause: "no" });
    await run({ creates: [result(), late, bad], inFlight: 5 });
    const [item] = await table.list("run");
    expect(item).to.deep.include({
      sk: RUN,
      outcome: "done",
      selected: 1,
      expected: { create: 3, copy: 0, finalize: 0, delete: 0 },
      actual: { create: 1, copy: 0, finalize: 0, delete: 0 },
      failed: 1,
      later: 1,
      endedAt: T0,
      expiresAt: T0 / 1000 + 90 * 86_400,
    });
    expect(await bucket.readLines(runKeys(RUN).ledger)).to.deep.equal([
      {
        policy: "daily",
        resource: "i-0",
        home: HOME,
        expected: { create: 1, copy: 0, finalize: 0, delete: 0 },
        actual: { create: 1, copy: 0, finalize: 0, delete: 0 },
        failed: 0,
        later: 0,
      },
    ]);
    const soon = T0 + 45_000;
    expect(await ledger.state()).to.deep.equal({
      inFlight: { ebs: 4 },
      dueAt: { ebs: soon },
      lastRun: T0,
      tryAgainAt: soon,
    });
  });

  it("leaves in flight what is, however many deletes were refused", async () => {
    const { ledger, run } = setUp();
    const refused = result({ outcome: "failed", code: "InvalidSnapshot.InUse", cause: "in use" });
    await run({ deletes: [refused, refused, refused], inFlight: 3 });
    expect((await ledger.state()).inFlight).to.deep.equal({ ebs: 3 });
    await run({ creates: [refused], deletes: [refused], inFlight: 3 });
    expect((await ledger.state()).inFlight).to.deep.equal({ ebs: 2 });
  });

  it("says each cause once, and that it is resolved once", async () => {
    const { run, subjects, table } = setUp();
    await run({ decisions: [alert()] });
    await run({ decisions: [alert({ point: "lsp-1" })] });
    expect(subjects()).to.deep.equal([`[prod] point-failed: i-0 daily ${HOME}`]);
    await run();
    await run();
    expect(subjects()).to.have.length(2);
    expect(subjects()[1]).to.equal(`[prod] resolved: point-failed: i-0 daily ${HOME}`);
    expect(await table.list("alert")).to.deep.equal([]);
    await run({ decisions: [alert()] });
    expect(subjects()).to.have.length(3);
  });

  it("says what is still wrong again after a day, with what is new about it, and not when it is over", async () => {
    const { clock, messages, run, subjects, table } = setUp();
    await run({ decisions: [alert()] });
    clock.time += REPEAT_MS - 1;
    await run({ decisions: [alert()] });
    expect(messages).to.have.length(1);
    clock.time += 1;
    await run({ decisions: [alert({ reason: "vol-0: it is still forbidden" })] });
    await run({ decisions: [alert()] });
    expect(subjects().slice(1)).to.deep.equal([`[prod] still open: point-failed: i-0 daily ${HOME}`]);
    expect(messages[1]?.body).to.contain("State: still open").and.to.contain("it is still forbidden");
    // Since when people know it, which decides about last points, stays.
    expect((await table.list("alert"))[0]).to.include({ since: T0, announced: T0, told: T0 + REPEAT_MS });
    clock.time += REPEAT_MS;
    await run();
    expect(subjects().slice(2)).to.deep.equal([`[prod] resolved: point-failed: i-0 daily ${HOME}`]);
  });

  it("tells people of a test, and the alarm that watches for it, and touches nothing else", async () => {
    const { lease, messages, metrics, record, table } = setUp();
    await lease.acquire("execution-9", T0);
    const before = JSON.stringify([...table.items]);
    expect(await record({ test: true })).to.deep.equal({ again: false });
    expect(messages.map(({ subject }) => subject)).to.deep.equal([
      `[prod] test: alerts of primary in ${HOME} reach you`,
    ]);
    expect(metrics).to.have.length(1);
    expect(metrics[0]).to.include({ TestAlarm: 1, Deployment: "prod", Role: "primary", Region: HOME });
    expect(JSON.stringify([...table.items])).to.equal(before);
    expect((await failure(record({ test: false }))).message).to.contain("test");
  });

  it("keeps with the run what it held back and by which name, so that the run can be approved", async () => {
    const { run, table } = setUp();
    const about = { kind: "instance", region: HOME, policy: "daily", resource: "i-0", reason: "too many" };
    const hold = { do: "pending-approval", ...about } as const;
    const holds = ["lsp-1", "lsp-2"].map((point) => ({ ...hold, point, artifacts: [point], approval: "held-1" }));
    await run({ decisions: [...holds, { ...hold, region: DR, point: "lsp-3", artifacts: [], approval: "held-2" }] });
    expect(await heldIn(table, RUN)).to.deep.equal(["held-1"]);
    await run();
    expect(await heldIn(table, RUN)).to.deep.equal([]);
    expect(await heldIn(table, "another")).to.deep.equal([]);
  });

  it("says what, where, why and what to do", async () => {
    const { messages, run } = setUp();
    await run({ decisions: [alert()] });
    expect(messages[0]?.body.split("\n")).to.include.members([
      "Resource: i-0",
      "Policy: daily",
      `Region: ${HOME}`,
      "Cause: point-failed",
      "Details: vol-0: the key may not be used",
    ]);
    expect(messages[0]?.body).to.contain("What to do: EBS could not finish the snapshot");
    await run({ decisions: [alert({ resource: "i-1", reason: "vol-1: Given key ID is not accessible" })] });
    expect(messages[1]?.body).to.contain("What to do: A KMS key may not be used");
  });

  it("alerts on what AWS refused, until it is done", async () => {
    const { run, subjects } = setUp();
    await run({ creates: [result({ outcome: "failed", code: "IncorrectState", cause: "no" })] });
    await run({ creates: [result({ outcome: "later" })] });
    expect(subjects()).to.deep.equal([`[prod] create-refused: i-0 daily ${HOME}`]);
    await run({ creates: [result()] });
    expect(subjects()[1]).to.contain("resolved: create-refused");
  });

  it("puts off without an alert, save for a quota that somebody must raise", async () => {
    const { run, subjects } = setUp();
    await run({ creates: [result({ outcome: "later", code: "RequestLimitExceeded", cause: "slow down" })] });
    expect(subjects()).to.deep.equal([]);
    const full = (resource: string) =>
      result({ outcome: "later", resource, code: "SnapshotLimitExceeded", cause: "100000", lasting: true });
    await run({ creates: [full("i-0"), full("i-1")] });
    expect(subjects()).to.deep.equal([`[prod] quota-reached: ${HOME}`]);
  });

  it("tells of its own region, and of any that is unknown", async () => {
    const { run, subjects } = setUp();
    const about = { policy: "", resource: "", point: "" };
    await run({
      decisions: [
        alert({ region: DR, cause: "copy-failed" }),
        alert({ ...about, region: DR, cause: "region-unknown" }),
      ],
    });
    expect(subjects()).to.deep.equal([`[prod] region-unknown: ${DR}`]);
  });

  it("closes nothing that it could not judge because a region is unknown", async () => {
    const { run, subjects } = setUp();
    await run({ decisions: [alert()] });
    await run({ world: world({ regions: { [HOME]: seen, [DR]: gone } }) });
    expect(subjects()).to.have.length(1);
    await run();
    expect(subjects()).to.have.length(2);
  });

  it("names strays of its own region, in one alert", async () => {
    const { messages, run } = setUp();
    const stray = (artifact: string, region = HOME) => ({ kind: "ebs", region, artifact, problem: "without a policy" });
    await run({ strays: [stray("snap-1"), stray("snap-2"), stray("snap-3", DR)] });
    expect(messages).to.have.length(1);
    expect(messages[0]?.body).to.contain("snap-1 (without a policy), snap-2 (without a policy)");
    expect(messages[0]?.body).to.not.contain("snap-3");
  });

  it("says it again when the message was lost, not when it was sent", async () => {
    const { lease, mail, run, subjects } = setUp();
    mail.down = true;
    expect((await failure(run({ decisions: [alert()] }))).message).to.equal("SNS is down");
    expect((await lease.read(T0)).held).to.equal(true);
    mail.down = false;
    await run({ decisions: [alert()] });
    await run({ decisions: [alert()] });
    expect(subjects()).to.have.length(1);
  });

  it("answers again when its answer was lost after it gave the lease back", async () => {
    const { lease, metrics, record, run, subjects } = setUp();
    await run();
    const plan = { runId: RUN, creates: 0, copies: 0, deletes: 0, alerts: 0, inFlight: {} };
    expect(await record({ runId: RUN, plan })).to.deep.equal({ again: false });
    expect((await lease.read(T0)).held).to.equal(false);
    expect(metrics.filter((line) => "RunSucceeded" in line)).to.have.length(1);
    expect(subjects()).to.deep.equal([]);
  });

  it("does nothing once another execution has the lease", async () => {
    const { clock, lease, record, run, subjects, table } = setUp();
    await run();
    await lease.acquire("execution-1", T0);
    clock.time += LEASE_MS + 1;
    await lease.acquire("execution-2", clock.time);
    const runId = RUN.replace(/^[^-]*/, "20260102T000000000Z");
    const plan = { runId, creates: 0, copies: 0, deletes: 0, alerts: 0, inFlight: { ebs: 9 } };
    expect((await failure(record({ runId, plan }))).name).to.equal("LeaseLost");
    expect(subjects()).to.deep.equal([]);
    expect((await table.list("state"))[0]).to.deep.include({ inFlight: { ebs: 0 } });
  });

  it("refuses an event that is neither an end nor a failure", async () => {
    const { record } = setUp();
    expect((await failure(record({ runId: RUN }))).name).to.equal("InvalidInput");
    expect((await failure(record({ execution: "e", error: {} }))).message).to.contain("Error");
  });

  it("counts actions of the plan that no hand reached as neither done nor failed", async () => {
    const { lease, record, run, table } = setUp();
    await run({ creates: [result()], decisions: [create(0), copy(0)] });
    await lease.acquire("execution-1", T0);
    const plan = { runId: RUN, creates: 3, copies: 0, deletes: 0, alerts: 0, inFlight: { ebs: 3 } };
    await record({ runId: RUN, plan });
    expect((await table.list("run"))[0]).to.deep.include({
      expected: { create: 3, copy: 0, finalize: 0, delete: 0 },
      failed: 0,
    });
  });
});
