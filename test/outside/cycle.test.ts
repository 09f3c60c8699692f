import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import { CONFIG, DEPLOYMENT, DR, Harness, PRIMARY } from "../e2e/harness.js";
import { checksOf } from "./checks.js";

describe("from outside: a finished cycle by boto3 and the AWS CLI", () => {
  let t: Harness;

  before("deploy both regions and run a cycle", async function () {
    this.timeout(180_000);
    t = await Harness.start();
    const deployed = await up({ env: "default", target: "sandbox", workload: true, config: CONFIG }, t.deps);
    expect(deployed.ending, deployed.text).to.equal("done");
    const cycle = await t.command("run --wait --timeout 90");
    expect(cycle.ending, cycle.text).to.equal("done");
  });
  after("end the sandbox", async function () {
    this.timeout(60_000);
    await t?.stop();
  });

  checksOf("cycle_checks", () => ({
    ...t.variables,
    OUTSIDE_HOME: PRIMARY,
    OUTSIDE_AWAY: DR,
    OUTSIDE_DEPLOYMENT: DEPLOYMENT,
  }));
});
