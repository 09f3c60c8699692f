import { asSubject, type Message } from "../store/alerts.js";
import type { Place } from "./measures.js";

/** What people get when somebody tries whether they are told. */
export const testMessage = ({ deployment, role, region }: Place): Message => ({
  subject: asSubject(`[${deployment}] test: alerts of ${role} in ${region} reach you`),
  body: [
    "State: test",
    `Region: ${region}`,
    "Nothing needs to be done. An alarm of CloudWatch follows, on the way that all alarms go; it ends by itself.",
  ].join("\n"),
  attributes: { deployment, state: "test", cause: "test", region },
});
