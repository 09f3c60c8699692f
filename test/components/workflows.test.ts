import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { heardFrom, heardOf } from "../../components/events/heard.js";
import { arnsOf } from "../../components/iam/arns.js";
import { seeWorkflows } from "../../components/iam/kind-permissions.js";
import { ebsEvents } from "../../kinds/ebs/events.js";
import type { KindStack } from "../../kinds/stack.js";
import { ACCOUNT } from "../support/pulumi-mocks.js";
import { site } from "../support/site.js";

type Parts = Pick<KindStack, "events" | "workflows">;
const EBS: Parts = { events: ebsEvents };
const STACKS: Readonly<Record<string, Parts>> = {
  ebs: EBS,
  toy: { events: undefined, workflows: ["cast", "melt"] },
};

const resolved = <T>(input: pulumi.Input<T>): Promise<unknown> =>
  new Promise((resolve) => pulumi.output(input).apply(resolve));

describe("what is deployed for a kind with workflows", () => {
  const { deployment, role, region } = site().settings;
  const machine = (what: string, kind = "stateMachine"): string =>
    `arn:aws:states:${region}:${ACCOUNT}:${kind}:${deployment}-${role}-workflow-toy-${what}`;

  it("has a rule for how they end, and one for its service only where that says anything", async () => {
    const { workflow } = arnsOf(site());
    const heard = heardFrom(STACKS, { where: "here", region, machines: (...of) => [workflow(...of)] });
    expect(heard.map(({ what }) => what)).to.deep.equal(["ebs", "toy-workflows"]);
    expect(heardOf(STACKS)).to.deep.equal(["ebs", "toy-workflows"]);
    expect(JSON.parse(String(await resolved(heard[1]?.pattern ?? "")))).to.deep.equal({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      region: [region],
      detail: {
        status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
        stateMachineArn: [machine("cast"), machine("melt")],
      },
    });
  });

  it("lets the survey ask how its own executions ended, and nothing of others", async () => {
    const [statement, ...others] = seeWorkflows(site(), STACKS);
    expect(others).to.deep.equal([]);
    expect(statement?.actions).to.deep.equal(["states:DescribeExecution"]);
    expect(await Promise.all((statement?.resources ?? []).map(resolved))).to.deep.equal(
      ["cast", "melt"].map((what) => `${machine(what, "execution")}:*`),
    );
  });

  it("lets nobody ask anything where no kind has any", () => {
    expect(seeWorkflows(site(), { ebs: EBS })).to.deep.equal([]);
  });
});
