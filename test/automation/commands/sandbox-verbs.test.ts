import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { faultWish } from "../../../automation/cli/fault.js";
import type { FaultWish } from "../../../automation/cli/model.js";
import { plainProgress } from "../../../automation/cli/progress.js";
import { uninterrupted } from "../../../automation/cli/signals.js";
import { sandbox } from "../../../automation/commands/sandbox.js";
import { timeAt } from "../../../automation/estate/clock.js";
import { localSandbox } from "../../../automation/sandbox.js";
import { startForTest, type TestSandbox } from "../../../sandbox/control.js";

const HOUR = 3_600_000;

describe("lockstep sandbox clock and fault", function () {
  this.timeout(300_000);
  let home: string;
  let running: TestSandbox;
  const told: string[] = [];

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "lockstep-driver-"));
    running = await startForTest({ stateDir: join(home, "sandbox") });
  });
  after(async () => {
    await running.close();
    rmSync(home, { recursive: true, force: true });
  });

  const clock = (args: { to?: string; replay?: boolean } = {}) => {
    const progress = plainProgress({ out: () => undefined, err: (line) => told.push(line), tty: false });
    const deps = { progress, interruption: uninterrupted(), sandbox: localSandbox({ project: home, home }) };
    return sandbox({ verb: "clock", ...args }, { ...deps, sleep: () => Promise.resolve() });
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("tells the sandbox's time, moves it, and what the driver sees", async () => {
    const before = await clock();
    expect(before.data).to.have.property("offsetMs", 0);
    expect(before.text).to.match(/^In the sandbox it is \d{4}-.*Z, as on this machine\.$/);
    const { data, text } = await clock({ to: "+3h" });
    expect(text).to.match(/3 h ahead of this machine\.\nNo schedule fired\.$/);
    expect(data)
      .to.have.property("offsetMs")
      .that.is.within(3 * HOUR - 1000, 3 * HOUR);
    expect((await clock()).text).to.contain("3 h ahead");
    const variables = { AWS_ENDPOINT_URL: running.info.endpoint };
    expect((await timeAt(variables)) - Date.now()).to.be.within(3 * HOUR - 5000, 3 * HOUR);
    expect(Math.abs((await timeAt({})) - Date.now()), "on AWS").to.be.below(5000);
  });

  it("lets things go wrong, tells what does, and ends it", async () => {
    const deps = { progress: plainProgress({ out: () => undefined, err: () => undefined, tty: false }) };
    const fault = (wish: FaultWish) =>
      sandbox(
        { verb: "fault", fault: wish },
        {
          ...deps,
          interruption: uninterrupted(),
          sandbox: localSandbox({ project: home, home }),
          sleep: () => Promise.resolve(),
        },
      );
    expect((await fault("list")).text).to.equal("Nothing goes wrong on purpose.");
    const { text } = await fault(faultWish("throttle", "ec2:CopySnapshot", { percent: 30 }));
    expect(text).to.match(/^What goes wrong:\n.*"service":"ec2","action":"CopySnapshot".*"hits":0/);
    const wrong = await failure(fault(faultWish("throttle", "ec2", { percent: 300 })));
    expect(wrong).to.be.instanceOf(Error).with.property("message").that.contains("calls.0.percent");
    expect((await fault("clear")).data).to.deep.equal({ events: [], calls: [], endings: [] });
  });

  it("tells how far a replay is", async () => {
    expect((await clock({ to: "+1h", replay: true })).text).to.contain("4 h ahead");
    expect(told[0]).to.equal("replay: started");
    expect(told.at(-1)).to.equal("replay: done");
  });

  it("takes what it cannot read, or a time that has been, for a wrong command line", async () => {
    expect(await failure(clock({ to: "tomorrow" }))).to.include({ ending: "usage" });
    expect(await failure(clock({ to: new Date().toISOString() }))).to.include({ ending: "usage" });
  });
});
