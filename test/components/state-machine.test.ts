import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { StateMachine, type StateMachineArgs } from "../../components/controller/state-machine.js";
import { grantsOf } from "../support/grants.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

const ARN = "arn:aws:lambda:us-east-1:111122223333:function:acme-primary-plan";

const task = (arn: (fn: string) => string) => ({
  StartAt: "Plan",
  States: { Plan: { Type: "Task", Resource: arn("plan"), End: true } },
});

const build = (definition: StateMachineArgs["definition"]) =>
  new StateMachine("probe", { site: site(), functions: { plan: pulumi.output(ARN) }, definition }, options());

describe("StateMachine", () => {
  it("fills in the ARNs, logs errors, and may invoke its functions only", async () => {
    const made = await recordProgram(() => build((arn) => task(arn)));
    const [machine] = ofType(made, "aws:sfn/stateMachine:StateMachine");
    expect(JSON.parse(String(machine?.inputs["definition"])).States.Plan.Resource).to.equal(ARN);
    expect(machine?.inputs).to.include({ name: "acme-primary-reconcile", type: "STANDARD" });
    expect(machine?.inputs["loggingConfiguration"]).to.include({ level: "ERROR" });
    const invokes = grantsOf(made).filter(({ actions }) => actions.includes("lambda:InvokeFunction"));
    expect(invokes.map(({ resources }) => resources)).to.deep.equal([[ARN]]);
  });
});
