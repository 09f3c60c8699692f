import { expect } from "chai";
import { EVERY_KIND, LEASE_MS, makeLease } from "../../functions/store/lease.js";
import { makeLedger } from "../../functions/store/ledger.js";
import { makeTrigger } from "../../functions/trigger/trigger.js";
import { EVENTS } from "../../kinds/events.js";
import { Clock, failure, MemoryTable, memoryLog } from "./fakes.js";

const T0 = Date.parse("2026-11-21T03:00:00.000Z");
const MINUTE = 60_000;

function setUp(role: "primary" | "dr" = "primary") {
  const table = new MemoryTable();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const ledger = makeLedger(table);
  const log = memoryLog();
  const reasons: string[] = [];
  const start = async (reason: string) => {
    reasons.push(reason);
    return `execution-${reasons.length}`;
  };
  const trigger = makeTrigger({ lease, ledger, log, role, events: EVENTS, now: clock.now, start });
  return { clock, lease, ledger, log, reasons, trigger };
}

const ebs = (event: string, result = "succeeded") => ({
  version: "0",
  id: "01234567-0123-0123-0123-012345678901",
  "detail-type": "EBS Snapshot Notification",
  source: "aws.ec2",
  account: "000000000000",
  region: "eu-west-1",
  resources: ["arn:aws:ec2::eu-west-1:snapshot/snap-1"],
  detail: { event, result, cause: "", request_id: "", snapshot_id: "arn:aws:ec2::eu-west-1:snapshot/snap-1" },
});

/** Step Functions developer guide, "Automating Step Functions event delivery with EventBridge". */
const workflow = (status: string, machine = "prod-primary-workflow-ebs-cast") => ({
  ...ebs(""),
  "detail-type": "Step Functions Execution Status Change",
  source: "aws.states",
  detail: {
    executionArn: `arn:aws:states:eu-west-1:000000000000:execution:${machine}:lsp-1-1`,
    stateMachineArn: `arn:aws:states:eu-west-1:000000000000:stateMachine:${machine}`,
    name: "lsp-1-1",
    status,
  },
});

/** What Lambda hands over of a queue; text goes as it is. */
const batch = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, i) => ({
    messageId: `message-${i}`,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1545082649183" },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:events",
    awsRegion: "eu-west-1",
  })),
});
const failures = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("trigger", () => {
  it("starts a run for a schedule, and only notes it while one is under way", async () => {
    const { clock, lease, reasons, trigger } = setUp();
    expect(await trigger({ kind: "schedule", policy: "daily" })).to.include({
      started: true,
      execution: "execution-1",
    });
    await lease.acquire("execution-1", clock.time);
    expect(await trigger({ kind: "schedule", policy: "daily" })).to.include({ started: false });
    expect(reasons).to.have.length(1);
    expect(await lease.release("execution-1", clock.time)).to.equal("again");
  });

  describe("with a batch of events", () => {
    for (const event of ["createSnapshot", "createSnapshots", "copySnapshot"]) {
      for (const result of ["succeeded", "failed"]) {
        it(`looks after ${event} ${result}`, async () => {
          const { lease, reasons, trigger } = setUp();
          expect(await trigger(batch(ebs(event, result)))).to.deep.equal(failures());
          expect(reasons).to.deep.equal(["events: 1"]);
          expect((await lease.read(T0)).marks).to.equal(1);
        });
      }
    }

    it("marks and starts once, however many there are", async () => {
      const { lease, reasons, trigger } = setUp();
      const many = Array.from({ length: 1000 }, (_, i) => ebs(i % 2 === 0 ? "copySnapshot" : "createSnapshots"));
      expect(await trigger(batch(...many))).to.deep.equal(failures());
      expect(reasons).to.deep.equal(["events: 1000"]);
      expect((await lease.read(T0)).marks).to.equal(1);
    });

    it("only marks while a run is under way, which then looks again", async () => {
      const { clock, lease, reasons, trigger } = setUp();
      await lease.acquire("a", clock.time);
      expect(await trigger(batch(ebs("copySnapshot"), ebs("copySnapshot")))).to.deep.equal(failures());
      expect(reasons).to.deep.equal([]);
      expect(await lease.release("a", clock.time)).to.equal("again");
    });

    it("does nothing for events that change no plan", async () => {
      const { lease, reasons, trigger } = setUp();
      expect(await trigger(batch(ebs("shareSnapshot"), ebs("deleteSnapshot")))).to.deep.equal(failures());
      expect(reasons).to.deep.equal([]);
      expect((await lease.read(T0)).marks).to.equal(0);
    });

    it("looks at the kind of which a workflow ended, well or badly", async () => {
      for (const status of ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]) {
        const { lease, reasons, trigger } = setUp();
        expect(await trigger(batch(workflow(status)))).to.deep.equal(failures());
        expect(reasons).to.deep.equal(["events: 1"]);
        expect(await lease.tidings()).to.deep.equal({ ebs: 1 });
      }
    });

    it("does nothing when a workflow begins, and takes no other machine for one", async () => {
      const { reasons, trigger } = setUp();
      const others = ["prod-primary-reconcile", "prod-primary-workflow-nobody-cast"].map((machine) =>
        workflow("FAILED", machine),
      );
      expect(await trigger(batch(workflow("RUNNING"), ...others))).to.deep.equal(failures("message-1", "message-2"));
      expect(reasons).to.deep.equal([]);
    });

    it("reports what it cannot read, and is not held up by it", async () => {
      const { log, reasons, trigger } = setUp();
      const unreadable = ["{", '"text"', { source: "aws.s3", region: "eu-west-1", detail: { event: "x" } }];
      // Only rules may send: what looks like our own input is not one here.
      const answer = await trigger(batch(...unreadable, ebs("copySnapshot"), { kind: "run" }, { kind: "tick" }));
      expect(answer).to.deep.equal(failures("message-0", "message-1", "message-2", "message-4", "message-5"));
      expect(reasons).to.deep.equal(["events: 1"]);
      const told = log.lines.filter(({ level }) => level === "error");
      expect(told.map(({ fields }) => fields?.["messageId"])).to.have.length(5);
      expect(told[2]?.fields?.["problem"]).to.contain("source");
    });

    it("starts nothing when it can read none", async () => {
      const { lease, reasons, trigger } = setUp();
      expect(await trigger(batch("{", "{"))).to.deep.equal(failures("message-0", "message-1"));
      expect(reasons).to.deep.equal([]);
      expect((await lease.read(T0)).marks).to.equal(0);
    });

    it("fails as a whole when the run cannot be started, and the mark stays for the tick", async () => {
      const { lease, ledger, log } = setUp();
      const start = async () => Promise.reject(new Error("no more executions"));
      const trigger = makeTrigger({ lease, ledger, log, role: "dr", events: EVENTS, now: () => T0, start });
      expect((await failure(trigger(batch(ebs("copySnapshot"))))).message).to.equal("no more executions");
      expect((await lease.read(T0)).marks).to.equal(1);
    });
  });

  it("keeps what a person asked for before it marks", async () => {
    const { clock, ledger, trigger } = setUp();
    const asked = await trigger({ kind: "run", policy: "daily", resources: ["i-1", "i-2"] });
    expect(asked).to.include({ at: "2026-11-21T03:00:00.000Z" });
    clock.time += MINUTE;
    expect(await trigger({ kind: "run" })).to.include({ at: "2026-11-21T03:01:00.000Z" });
    expect(await ledger.requests()).to.deep.equal([
      { at: T0, policy: "daily", resources: ["i-1", "i-2"] },
      { at: T0 + MINUTE },
    ]);
  });

  it("of a DR stack keeps no request, and looks all the same", async () => {
    const { ledger, trigger } = setUp("dr");
    expect(await trigger({ kind: "run" })).to.include({ started: true });
    expect(await ledger.requests()).to.deep.equal([]);
  });

  describe("at a tick", () => {
    const idle = (now: number) => ({ inFlight: { ebs: 0 }, dueAt: { ebs: now + 15 * MINUTE } });

    it("looks when anything is in flight, unless a run has ended just before", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: { ebs: 1 }, dueAt: { ebs: T0 + 45_000 }, lastRun: T0 });
      clock.time += 44_999;
      expect(await trigger({ kind: "tick" })).to.include({ started: false, why: "a run looked just now" });
      clock.time += 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: true, why: "tick: 1 in flight" });
      expect(await lease.read(clock.time)).to.include({ marks: 1 });
    });

    it("looks every 15 minutes when nothing is", async () => {
      const { clock, ledger, trigger } = setUp();
      await ledger.writeState({ ...idle(T0), lastRun: T0 });
      clock.time += 15 * MINUTE - 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: false });
      clock.time += 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });

    it("looks again at what failed when it is time, and only then", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await ledger.writeState({ ...idle(T0), lastRun: T0, tryAgainAt: T0 + 3 * MINUTE });
      clock.time += 3 * MINUTE - 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: false });
      clock.time += 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: true, why: "tick: to try again what failed" });
      await lease.acquire("execution-1", clock.time);
      await ledger.writeState({ ...idle(clock.time), lastRun: clock.time });
      await lease.release("execution-1", clock.time);
      clock.time += 5 * MINUTE;
      expect(await trigger({ kind: "tick" }), "all went well since").to.include({ started: false });
    });

    it("looks at all kinds together at rest, so that they do not take turns for ever", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      const dueAt = { ebs: T0 + 15 * MINUTE, slow: T0 + 5 * MINUTE };
      await ledger.writeState({ inFlight: { ebs: 0, slow: 0 }, dueAt, lastRun: T0 });
      clock.time += 5 * MINUTE;
      expect(await trigger({ kind: "tick" })).to.include({ started: true, why: "tick: idle for long enough" });
      expect(await lease.tidings()).to.deep.equal({ [EVERY_KIND]: 1 });
    });

    it("looks at the kind that is due, and tells of no other", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      const dueAt = { ebs: T0 + 15 * MINUTE, slow: T0 + 5 * MINUTE };
      await ledger.writeState({ inFlight: { ebs: 0, slow: 2 }, dueAt, lastRun: T0 });
      clock.time += 5 * MINUTE;
      expect(await trigger({ kind: "tick" })).to.include({ started: true, why: "tick: 2 in flight" });
      expect(await lease.tidings()).to.deep.equal({ slow: 1 });
    });

    it("leaves a run under way alone and makes it no longer", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: { ebs: 1 }, dueAt: { ebs: T0 }, lastRun: T0 });
      await lease.acquire("a", clock.time);
      expect(await trigger({ kind: "tick" })).to.include({ started: false });
      expect(await lease.release("a", clock.time)).to.equal("released");
    });

    it("finds a mark whose start was lost", async () => {
      const { lease, ledger, trigger } = setUp();
      await ledger.writeState({ ...idle(T0), lastRun: T0 });
      await lease.mark(T0);
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });

    it("finds a run that died with the lease", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await lease.acquire("a", T0);
      clock.time = T0 + LEASE_MS + 1;
      await ledger.writeState({ ...idle(clock.time), lastRun: clock.time });
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });
  });

  const wrong: [string, unknown, string][] = [
    ["an unknown kind", { kind: "now" }, "kind"],
    ["an unknown field", { kind: "tick", hurry: true }, "hurry"],
    ["a schedule without its policy", { kind: "schedule" }, "policy"],
    ["a time by another clock", { kind: "run", at: "2026-11-21T03:00:00.000Z" }, "at"],
    ["no resources", { kind: "run", resources: [] }, "resources"],
    ["an event that was not gathered", ebs("copySnapshot"), "kind"],
    [
      "records of another source",
      { Records: [{ messageId: "1", body: "{}", eventSource: "aws:kinesis" }] },
      "eventSource",
    ],
    ["nothing", null, "whole"],
  ];
  for (const [what, event, field] of wrong) {
    it(`refuses ${what} and names it`, async () => {
      const error = await failure(setUp().trigger(event));
      expect(error.name).to.equal("InvalidInput");
      expect(error.message).to.contain(field);
    });
  }
});
