import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DeleteScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import type { StackChanges } from "../../automation/deploy/engine.js";
import type { StateResource } from "../../automation/deploy/pending.js";
import { names } from "../../core/names/names.js";
import { FILES } from "./file-systems.js";
import { configOf, DEPLOYMENT, DR, type Harness, PRIMARY } from "./harness.js";
import { leftovers } from "./leftovers.js";
import { TAGGED_POLICY } from "./people.js";

const execute = promisify(execFile);
/** Changed by hand: a schedule of the primary stack, and a log group of the DR stack. */
const TICK = names(DEPLOYMENT, "primary").tickSchedule;
const LOGS = `/aws/lambda/${names(DEPLOYMENT, "dr").lambda("plan")}`;

/** Tests of what people change behind the driver's back, in an environment that is deployed. They build on each other. */
export function whatIsChangedByHand(harness: () => Harness): void {
  const done = async <T>(line: string): Promise<T> => {
    const outcome = await harness().command(line);
    expect(outcome.ending, outcome.text).to.equal("done");
    return outcome.data as T;
  };
  const stacksOf = async (line: string) => (await done<{ stacks: Record<string, StackChanges> }>(line)).stacks;

  it("finds what somebody changed by hand", async () => {
    const t = harness();
    await t.client(SchedulerClient, PRIMARY).send(new DeleteScheduleCommand({ Name: TICK }));
    const forOneDay = new PutRetentionPolicyCommand({ logGroupName: LOGS, retentionInDays: 1 });
    await t.client(CloudWatchLogsClient, DR).send(forOneDay);
    const { primary, dr } = await stacksOf("refresh");
    expect(primary?.steps.map((s) => [s.op, s.type])).to.deep.equal([["delete", "aws:scheduler/schedule:Schedule"]]);
    expect(dr?.steps.map((s) => [s.op, s.type])).to.deep.equal([["update", "aws:cloudwatch/logGroup:LogGroup"]]);
    expect(dr?.steps[0]?.differs).to.deep.equal(["retentionInDays"]);
  });

  it("does not begin a removal that what was protected by hand would stop, and says how to end that", async () => {
    const t = harness();
    const pulumi = async (...args: string[]) => {
      const cwd = join(t.deps.places.home, "envs", "default");
      return (await execute("pulumi", [...args, "--stack", "dr"], { cwd, env: { ...process.env, ...t.variables } }))
        .stdout;
    };
    const state = JSON.parse(await pulumi("stack", "export")) as { deployment: { resources: StateResource[] } };
    const table = state.deployment.resources.find(({ type }) => type === "aws:dynamodb/table:Table");
    await pulumi("state", "protect", table?.urn ?? "", "--yes");
    const before = await leftovers(t);
    const refused = await t.command("down --yes");
    expect(refused.ending, refused.text).to.equal("refused");
    expect(refused.text).to.contain("stack dr (us-west-2): 1 resource(s) are protected").and.contain("`lockstep up`");
    expect(await leftovers(t)).to.deep.equal(before);
  });

  // The removal at the end needs what the refusal said of it, and the tests after this one another policy.
  it("mends both, and takes another policy", async () => {
    const t = harness();
    const config = configOf(FILES, TAGGED_POLICY);
    const outcome = await up({ env: "default", target: "sandbox", workload: true, config }, t.deps);
    expect(outcome.ending, outcome.text).to.equal("done");
    const tick = await t.client(SchedulerClient, PRIMARY).send(new GetScheduleCommand({ Name: TICK }));
    expect(tick.ScheduleExpression).to.equal("rate(1 minute)");
    const { logGroups } = await t
      .client(CloudWatchLogsClient, DR)
      .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: LOGS }));
    expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).to.deep.equal([30]);
    expect(await done("refresh")).to.include({ drifted: false });
  });
}
