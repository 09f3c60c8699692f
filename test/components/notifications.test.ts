import { expect } from "chai";
import { Notifications } from "../../components/monitoring/notifications.js";
import { ACCOUNT, KEY_ARN, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

describe("Notifications", () => {
  it("subscribes each address to its topic", async () => {
    const emails = ["a@example.com", "b@example.com"];
    const args = { site: site(), emails, keyArn: KEY_ARN };
    const made = await recordProgram(() => new Notifications("alerts", args, options()));
    const [topic] = ofType(made, "aws:sns/topic:Topic");
    const subscriptions = ofType(made, "aws:sns/topicSubscription:TopicSubscription");
    expect(topic?.inputs).to.include({ name: "acme-primary-alerts", kmsMasterKeyId: KEY_ARN });
    expect(subscriptions.map(({ inputs }) => [inputs["protocol"], inputs["endpoint"], inputs["topic"]])).to.deep.equal(
      emails.map((email) => ["email", email, "arn:aws:mock:::Topic/acme-primary-alerts"]),
    );
  });

  it("lets this account's alarms publish, and nobody without TLS", async () => {
    const args = { site: site(), emails: [], keyArn: KEY_ARN };
    const made = await recordProgram(() => new Notifications("alerts", args, options()));
    const [topic] = ofType(made, "aws:sns/topic:Topic");
    const { Statement } = JSON.parse(String(topic?.inputs["policy"]));
    expect(Statement).to.deep.equal([
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: `arn:aws:sns:us-east-1:${ACCOUNT}:acme-primary-alerts`,
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
      {
        Sid: "OnlyTls",
        Effect: "Deny",
        Principal: "*",
        Action: ["sns:Publish"],
        Resource: [`arn:aws:sns:us-east-1:${ACCOUNT}:acme-primary-alerts`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
