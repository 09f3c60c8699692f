import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { commandOf } from "../../support/command.js";
import { DR, type FakeOptions, type Fakes, fakes, PRIMARY } from "../fakes.js";
import { instance, world } from "../worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");

describe("whether people are told", () => {
  let deps: Fakes;
  const run = (line: string) => dispatch(commandOf(...line.split(" ")), deps);
  const given = async (options: FakeOptions) => {
    deps = await fakes({ world: () => world(NOW, [instance("i-1", NOW)], []), ...options });
  };
  afterEach(() => deps.cleanUp());
  const tests = () => deps.seen.engine.filter((what) => what.startsWith("test alarm"));

  it("is tried at deployment in both regions, and by `alarm`", async () => {
    await given({});
    const up = await run("up --workload");
    expect(up.ending, up.text).to.equal("done");
    expect(up.data).to.deep.include({
      told: [PRIMARY, DR].map(({ region }) => ({ region, problem: null })),
    });
    expect(tests()).to.have.members(["test alarm primary", "test alarm dr"]);
    expect((await run("alarm")).ending).to.equal("done");
    expect(tests()).to.have.length(4);
  });

  it("is a failure of the deployment where they are not, said loudly", async () => {
    await given({ testAlarm: (region) => (region === DR.region ? "the topic's key does not admit it" : undefined) });
    for (const line of ["up", "alarm"]) {
      const outcome = await run(line);
      expect(outcome.ending, line).to.equal("failed");
      expect(outcome.text, line).to.contain(`NOBODY IS TOLD in ${DR.region}: the topic's key does not admit it`);
      expect(outcome.text, line).not.to.contain(`NOBODY IS TOLD in ${PRIMARY.region}`);
    }
  });

  it("an address that nobody confirmed is said by up, status and alarm", async () => {
    await given({ unconfirmed: ["ops@example.com"] });
    const said = `NOT CONFIRMED in ${PRIMARY.region}: nothing is told to ops@example.com`;
    const up = await run("up");
    expect(up.ending).to.equal("done");
    expect(up.text).to.contain(said);
    const status = await run("status");
    expect(status.text.split("\n")[0]).to.contain(said);
    expect(status.data).to.have.property("unconfirmed").with.length(1);
    const alarm = await run("alarm");
    expect(alarm.ending).to.equal("failed");
    expect(alarm.text).to.contain(said);
  });

  it("that nobody has subscribed is said by all that could say that all is well, and is a problem", async () => {
    await given({ confirmed: 0 });
    const said = [PRIMARY, DR].map(({ region }) => `NOBODY IS TOLD in ${region}: no subscription to alerts`);
    const up = await run("up");
    expect(up.ending, "nothing of the deployment failed").to.equal("done");
    expect(up.data).to.have.property("unconfirmed").with.length(2);
    const outcomes = [up, await run("status"), await run("alarm")];
    for (const { text } of outcomes) for (const line of said) expect(text).to.contain(line);
    expect(outcomes.map(({ ending }) => ending)).to.deep.equal(["done", "failed", "failed"]);
    const doctor = await run("doctor");
    expect(doctor.ending).to.equal("failed");
    expect(doctor.text).to.match(/^problem\s+alerts of dr \(eu-central-1\): no subscription.*lockstep:emails/m);
  });

  it("it is said who is told", async () => {
    await given({ confirmed: 2 });
    await run("up");
    expect((await run("doctor")).text).to.contain("alerts of dr (eu-central-1): 2 subscription(s) confirmed");
  });
});
