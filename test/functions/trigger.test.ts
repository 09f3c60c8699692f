import { expect } from "chai";
import { LEASE_MS, makeLease } from "../../functions/lib/lease.js";
import { makeLedger } from "../../functions/lib/ledger.js";
import { makeTrigger } from "../../functions/trigger/trigger.js";
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
  const trigger = makeTrigger({ lease, ledger, log, role, now: clock.now, start });
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

  for (const event of ["createSnapshot", "createSnapshots", "copySnapshot"]) {
    for (const result of ["succeeded", "failed"]) {
      it(`looks after ${event} ${result}`, async () => {
        expect(await setUp().trigger(ebs(event, result))).to.include({ started: true });
      });
    }
  }

  it("does nothing for events that change no plan", async () => {
    const { lease, reasons, trigger } = setUp();
    expect(await trigger(ebs("shareSnapshot"))).to.include({ started: false });
    expect(reasons).to.deep.equal([]);
    expect((await lease.read(T0)).marks).to.equal(0);
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
    it("looks when anything is in flight", async () => {
      const { ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: 1, lastRun: T0 });
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });

    it("looks every 15 minutes when nothing is", async () => {
      const { clock, ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: 0, lastRun: T0 });
      clock.time += 15 * MINUTE - 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: false });
      clock.time += 1;
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });

    it("leaves a run under way alone and makes it no longer", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: 1, lastRun: T0 });
      await lease.acquire("a", clock.time);
      expect(await trigger({ kind: "tick" })).to.include({ started: false });
      expect(await lease.release("a", clock.time)).to.equal("released");
    });

    it("finds a mark whose start was lost", async () => {
      const { lease, ledger, trigger } = setUp();
      await ledger.writeState({ inFlight: 0, lastRun: T0 });
      await lease.mark(T0);
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });

    it("finds a run that died with the lease", async () => {
      const { clock, lease, ledger, trigger } = setUp();
      await lease.acquire("a", T0);
      clock.time = T0 + LEASE_MS + 1;
      await ledger.writeState({ inFlight: 0, lastRun: clock.time });
      expect(await trigger({ kind: "tick" })).to.include({ started: true });
    });
  });

  const wrong: [string, unknown, string][] = [
    ["an unknown kind", { kind: "now" }, "kind"],
    ["an unknown field", { kind: "tick", hurry: true }, "hurry"],
    ["a schedule without its policy", { kind: "schedule" }, "policy"],
    ["a time by another clock", { kind: "run", at: "2026-11-21T03:00:00.000Z" }, "at"],
    ["no resources", { kind: "run", resources: [] }, "resources"],
    ["an event of another service", { source: "aws.s3", region: "eu-west-1", detail: { event: "x" } }, "source"],
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
