import type * as pulumi from "@pulumi/pulumi";

/** Whoever comes without TLS is turned away, whatever else allows it (IAM user guide, "aws:SecureTransport"). */
export const denyPlainHttp = (actions: readonly string[], resources: readonly pulumi.Input<string>[]) => ({
  Sid: "OnlyTls",
  Effect: "Deny",
  Principal: "*",
  Action: actions,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
