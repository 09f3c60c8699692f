import * as pulumi from "@pulumi/pulumi";

/** Whoever comes without TLS is turned away, whatever else allows it (IAM user guide, "aws:SecureTransport"). */
export const denyPlainHttp = (actions: readonly string[], resources: readonly pulumi.Input<string>[]) => ({
  Sid: "OnlyTls",
  Effect: "Deny",
  Principal: "*",
  Action: actions,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/**
 * The policy of a queue that our own rules send to: EventBridge has no role there (EventBridge user guide, "Amazon SQS
 * permissions"), so the condition says for which rules it is let in.
 */
export const queueOfRules = (
  queueArn: pulumi.Input<string>,
  condition: Readonly<Record<string, Readonly<Record<string, pulumi.Input<unknown>>>>>,
): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnRules",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: condition,
      },
      denyPlainHttp(["sqs:SendMessage", "sqs:ReceiveMessage"], [queueArn]),
    ],
  });
