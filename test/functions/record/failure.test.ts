import { expect } from "chai";
import { HOME, T0 } from "../executors.js";
import { failure } from "../fakes.js";
import { setUp } from "./recording.js";

describe("record of a failure", () => {
  const error = { Error: "LeaseLost", Cause: "another took over" };

  it("frees the lease, wakes the next tick and alerts once, until a run ends well", async () => {
    const { lease, ledger, record, run, subjects, table } = setUp();
    await lease.acquire("execution-1", T0);
    await lease.mark(T0);
    expect(await record({ execution: "execution-1", error })).to.deep.equal({ again: false });
    await record({ execution: "execution-1", error });
    expect(await lease.read(T0)).to.deep.equal({ held: false, dead: false, marks: 1 });
    expect((await ledger.state()).tryAgainAt).to.equal(T0 + 45_000);
    expect((await table.list("run"))[0]).to.include({ outcome: "failed", reason: "LeaseLost: another took over" });
    expect(subjects()).to.deep.equal([`[prod] run-failed: ${HOME}`]);
    await run();
    expect(subjects()[1]).to.contain("resolved: run-failed");
  });

  it("tells a function's message without its stack", async () => {
    const { messages, record } = setUp();
    const Cause = JSON.stringify({ errorType: "InvalidInput", errorMessage: "settings are wrong", trace: ["at x"] });
    await record({ execution: "execution-1", error: { Error: "InvalidInput", Cause } });
    expect(messages[0]?.body.split("\n")).to.include("Details: InvalidInput: settings are wrong");
  });

  it("leaves the lease of another execution alone", async () => {
    const { lease, record } = setUp();
    await lease.acquire("execution-2", T0);
    await record({ execution: "execution-1", error });
    expect((await lease.read(T0)).held).to.equal(true);
  });

  it("counts as a failed run, also if nobody can be told", async () => {
    const { mail, metrics, record } = setUp();
    mail.down = true;
    await failure(record({ execution: "execution-1", error }));
    expect(metrics).to.have.length(1);
    expect(metrics[0]).to.include({ Deployment: "prod", Role: "primary", Region: HOME, RunFailed: 1, RunSucceeded: 0 });
  });

  it("frees the lease even if nobody can be told", async () => {
    const { lease, mail, record } = setUp();
    mail.down = true;
    await lease.acquire("execution-1", T0);
    await failure(record({ execution: "execution-1", error }));
    expect((await lease.read(T0)).held).to.equal(false);
  });

  it("tells once what of others' snapshots could not be taken in, and when it could", async () => {
    const { messages, run, subjects } = setUp();
    const no = { ebs: "snap-1 (Unauthorized: no)" };
    for (const refused of [no, no, {}]) await run({ refused });
    const about = `adopt-refused: ${HOME}`;
    expect(subjects()).to.deep.equal([`[prod] ${about}`, `[prod] resolved: ${about}`]);
    expect(messages[0]?.body).to.contain("snap-1 (Unauthorized: no)").and.to.contain("it is tried again");
  });
});
