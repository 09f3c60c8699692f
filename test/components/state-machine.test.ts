import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { StateMachine, type StateMachineArgs } from "../../components/state-machine.js";
import { grantsOf } from "../support/grants.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

const ARN = "arn:aws:lambda:us-east-1:111122223333:function:acme-primary-plan";

const task = (arn: (fn: string) => string, more: object = {}) => ({
  StartAt: "Plan",
  States: { Plan: { Type: "Task", Resource: arn("plan"), End: true, ...more } },
});

const build = (definition: StateMachineArgs["definition"]) =>
  new StateMachine("probe", { site: site(), functions: { plan: pulumi.output(ARN) }, definition }, options());

/** What building throws; nothing when it does not. */
async function refusal(definition: StateMachineArgs["definition"]): Promise<{ text: string; resources: string[] }> {
  let text = "";
  const made = await recordProgram(() => {
    try {
      build(definition);
    } catch (error) {
      if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
      text = [error.message, ...error.errors.map(({ reason }) => reason)].join("\n");
    }
  });
  return {
    text,
    resources: made.filter(({ custom, type }) => custom && type.startsWith("aws:")).map(({ type }) => type),
  };
}

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

  const wrong: { what: string; says: RegExp; definition: StateMachineArgs["definition"] }[] = [
    {
      what: "a target that is no state",
      says: /target: Nowhere/,
      definition: (arn) => task(arn, { End: undefined, Next: "Nowhere" }),
    },
    { what: "an unknown field", says: /States\/Plan is invalid/, definition: (arn) => task(arn, { Timeout: 3 }) },
    { what: "no end", says: /MISSING_TERMINAL_STATE/, definition: (arn) => task(arn, { End: undefined }) },
    {
      what: "JSONata",
      says: /must be JSONPath, is JSONata/,
      definition: (arn) => ({ ...task(arn), QueryLanguage: "JSONata" }),
    },
    {
      what: "JSONata in one state",
      says: /States\.Plan\.QueryLanguage/,
      definition: (arn) => task(arn, { QueryLanguage: "JSONata" }),
    },
    {
      what: "a JSONata expression",
      says: /a JSONata expression/,
      definition: (arn) => task(arn, { Parameters: { a: "{% 1 %}" } }),
    },
  ];
  for (const { what, says, definition } of wrong) {
    it(`refuses ${what} before anything is made`, async () => {
      const { text, resources } = await refusal(definition);
      expect(text)
        .to.match(/acme-primary-reconcile is not a valid state machine/)
        .and.to.match(says);
      expect(resources).to.deep.equal([]);
    });
  }

  it("names a function it was not given", async () => {
    await recordProgram(() => {
      expect(() => build((arn) => ({ ...task(arn), StartAt: arn("prune") }))).to.throw(
        /uses prune, which is not one of plan/,
      );
    });
  });
});
