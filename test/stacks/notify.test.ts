import { expect } from "chai";
import { deploy } from "../../stacks/deploy.js";
import { grantsOf } from "../support/grants.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { primaryConfig } from "../support/stack-configs.js";

const TOPIC = "arn:aws:sns:eu-west-1:444455556666:ops";

describe("an existing topic in another region", function () {
  this.timeout(300_000);

  it("is what record tells and may tell, under its own key, and nothing else is", async () => {
    const more = { "lockstep:topic": TOPIC, "lockstep:summary": "true", "lockstep:repeatAfter": "12h" };
    const made = await recordProgram(() => deploy({ ...primaryConfig(), ...more }));
    const functions = ofType(made, "aws:lambda/function:Function");
    const record = functions.find(({ inputs }) => inputs["name"] === "acme-primary-record");
    const { variables } = (record?.inputs["environment"] ?? {}) as { variables?: Record<string, string> };
    expect(variables).to.include({
      LOCKSTEP_TELL_TOPIC_ARN: TOPIC,
      LOCKSTEP_SUMMARY: "true",
      LOCKSTEP_REPEAT_AFTER_MS: String(12 * 3_600_000),
    });
    const grants = grantsOf(made).filter(({ role }) => role.endsWith("-record"));
    const on = (action: string) =>
      grants.filter(({ actions }) => actions.includes(action)).flatMap((one) => one.resources);
    expect(on("sns:Publish")).to.deep.equal([TOPIC]);
    expect(on("kms:GenerateDataKey")).to.deep.equal(["arn:aws:kms:eu-west-1:444455556666:key/*"]);
    const [key] = grants.filter(({ actions }) => actions.includes("kms:GenerateDataKey"));
    expect(JSON.stringify(key)).to.contain("sns.eu-west-1.amazonaws.com");
  });
});
