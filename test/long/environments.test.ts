import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import type { StackChanges } from "../../automation/deploy/engine.js";
import { requireEnv } from "../../automation/deploy/envs.js";
import { engineConfig } from "../../automation/deploy/setting.js";
import { driverNeeds } from "../../automation/rights/driver.js";
import { lifecycleOf } from "../../automation/rights/lifecycles.js";
import type { PolicyDocument } from "../../automation/rights/model.js";
import { walk } from "../../automation/rights/program.js";
import type { Status } from "../../core/report/status.js";
import { whatIsChangedByHand } from "../e2e/changes.js";
import { configOf, DEPLOYMENT, DR, Harness, POLICY, PRIMARY, until } from "../e2e/harness.js";
import { changes, killed, settled } from "../e2e/kills.js";
import { leftovers } from "../e2e/leftovers.js";
import { listen } from "../e2e/mailbox.js";
import { TAGGED_POLICY, whatPeopleAsk } from "../e2e/people.js";
import { deniedCalls } from "../e2e/rights.js";
import { problemsOf } from "../outside/checks.js";
import { actionsOf, neededFor } from "../support/iam.js";

const BLUE = `${DEPLOYMENT}-blue`;

/** The tests build on each other. */
describe("two environments in one sandbox", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;
  before(async () => {
    t = await Harness.start();
  });
  after(() => t?.stop());

  const done = async <T>(line: string): Promise<T> => {
    const outcome = await t.command(line);
    expect(outcome.ending, outcome.text).to.equal("done");
    return outcome.data as T;
  };
  const stacksOf = async (line: string) => (await done<{ stacks: Record<string, StackChanges> }>(line)).stacks;

  it("deploys one, whose finished cycle is what boto3 and the AWS CLI see", async () => {
    const config = configOf(TAGGED_POLICY);
    const first = await up({ env: "default", target: "sandbox", workload: true, config }, t.deps);
    expect(first.ending, first.text).to.equal("done");
    await done(`run --policy ${POLICY} --wait --timeout 600`);
    const places = { OUTSIDE_HOME: PRIMARY, OUTSIDE_AWAY: DR, OUTSIDE_DEPLOYMENT: DEPLOYMENT };
    // Its calls are not counted as the driver's.
    const stranger = { ...t.variables, AWS_ACCESS_KEY_ID: "stranger" };
    expect(await problemsOf("cycle_checks", { ...stranger, ...places })).to.deep.equal([]);
  });

  it("deploys another beside it, under names of its own", async () => {
    const stacks = await stacksOf("env up blue");
    expect(Object.keys(stacks)).to.have.members(["primary", "dr", "workload"]);
    const list = await done<{ env: string; deployment: string }[]>("env list");
    expect(list.map((e) => [e.env, e.deployment])).to.deep.equal([
      ["blue", BLUE],
      ["default", DEPLOYMENT],
    ]);
  });

  it("previews nothing to change, and the doctor finds nothing wrong but that a policy selects nothing yet", async () => {
    for (const stack of Object.values(await stacksOf("preview"))) expect(stack.steps, stack.region).to.deep.equal([]);
    for (const [env, deployment] of [
      ["default", DEPLOYMENT],
      ["blue", BLUE],
    ] as const) {
      const alone = await t.command(`doctor --env ${env}`);
      expect(alone.text).to.match(/^problem\s+alerts of primary \(us-east-1\): no subscription/m);
      for (const role of ["primary", "dr"] as const) await listen(t, role, { deployment });
      const { findings } = (await t.command(`doctor --env ${env}`)).data as {
        findings: { ok: boolean; what: string }[];
      };
      const wrong = findings.filter(({ ok }) => !ok).map(({ what }) => what);
      expect(wrong.filter((what) => what !== "recovery points")).to.deep.equal([]);
      await done(`alarm --env ${env}`);
    }
  });

  whatIsChangedByHand(() => t);
  whatPeopleAsk(() => t);

  it("removes one with its recovery points, and nothing of the other", async () => {
    await done(`run --policy ${POLICY} --wait --timeout 600`);
    await done("run --env blue");
    await until("points of the other, its file system's too", 120_000, async () => {
      const estate = await t.deps.estate(await requireEnv(t.deps.places, "blue"), t.variables);
      // Of FSx nobody hears: time passes while nobody is at work, and with it the ticks come.
      if ((await estate.busy()).length === 0) await t.admin.moveClock((await t.admin.now()) + 6 * 60_000);
      const { resources } = (await t.command("status --env blue")).data as Status;
      const lacking = resources.filter(({ points }) => points[DR]?.completed === 0 || points[PRIMARY]?.completed === 0);
      return resources.length === 0 ? ["nothing is protected"] : lacking.map(({ id }) => `${id} is not copied`);
    });
    const [before, blue] = [await leftovers(t), await leftovers(t, BLUE)];
    expect(blue.snapshots[PRIMARY]).to.be.greaterThan(0);
    expect(blue.snapshots[DR]).to.be.greaterThan(0);
    expect(await t.command("env down blue --purge")).to.include({ ending: "refused" });
    await done("env down blue --purge --yes");
    expect(await leftovers(t, BLUE)).to.deep.equal({ resources: [], snapshots: { [PRIMARY]: 0, [DR]: 0 } });
    const after = await leftovers(t);
    expect(after.snapshots).to.deep.equal(before.snapshots);
    const isBlue = (resource: string) => resource.includes(`${BLUE}-`);
    expect(after.resources).to.deep.equal(before.resources.filter((resource) => !isBlue(resource)));
  });

  it("comes back after a removal that was killed", async () => {
    await killed(t, "down");
    await changes(t, "up");
    await settled(t);
  });

  it("removes the other, whose recovery points stay", async () => {
    await done("down");
    const left = await leftovers(t);
    expect(left.resources).to.deep.equal([]);
    expect(left.snapshots[DR]).to.be.greaterThan(0);
  });

  it("did all that with no right that its roles lacked", async () => {
    expect(await deniedCalls(t)).to.deep.equal([]);
  });

  it("needed no right that `lockstep rights` does not give, which gives none beyond without a reason", async () => {
    const calls = (await t.admin.calls()).filter(({ caller }) => caller === t.variables["AWS_ACCESS_KEY_ID"]);
    const used = neededFor(calls);
    expect(used).to.include.members(["lambda:CreateFunction", "lambda:DeleteFunction", "ec2:DeleteSnapshot"]);
    const given = actionsOf(await done<PolicyDocument>("rights --workload --purge"));
    expect(used.filter((action) => !given.includes(action))).to.deep.equal([]);
    const { project, stacks } = await t.deps.config("default", {});
    const reasons = new Set<string>(["iam:PassRole"]);
    for (const { settings } of stacks) {
      const { deployment, role, resources } = await walk(engineConfig(project, settings), "*");
      const driver = role === "workload" ? [] : driverNeeds({ deployment, role });
      const needs = [...driver, ...resources.flatMap(({ type }) => lifecycleOf(type))];
      for (const { actions, unseen } of needs)
        if (unseen !== undefined) for (const action of actions) reasons.add(action);
    }
    expect(given.filter((action) => !used.includes(action) && !reasons.has(action))).to.deep.equal([]);
  });
});
