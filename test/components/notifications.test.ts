import { expect } from "chai";
import { Notifications } from "../../components/notifications.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

describe("Notifications", () => {
  it("subscribes each address to its topic", async () => {
    const emails = ["a@example.com", "b@example.com"];
    const made = await recordProgram(() => new Notifications("alerts", { site: site(), emails }, options()));
    const [topic] = ofType(made, "aws:sns/topic:Topic");
    const subscriptions = ofType(made, "aws:sns/topicSubscription:TopicSubscription");
    expect(topic?.inputs["name"]).to.equal("acme-primary-alerts");
    expect(subscriptions.map(({ inputs }) => [inputs["protocol"], inputs["endpoint"], inputs["topic"]])).to.deep.equal(
      emails.map((email) => ["email", email, "arn:aws:mock:::Topic/acme-primary-alerts"]),
    );
  });
});
