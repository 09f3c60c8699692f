import type { Lifecycles, Place } from "./model.js";
import { anyOf, everything, of, UNSEEN } from "./needs.js";

/** FSx makes up all ids: whose a file system is, its Name tag tells, which begins with the deployment and `workload`. */
const byName =
  (key: "RequestTag" | "ResourceTag") =>
  (_inputs: unknown, { prefix }: Place) => ({
    StringLike: { [`aws:${key}/Name`]: `${prefix}*` },
  });
const fileSystem = anyOf("fsx", "file-system/");

/** The file systems worth protecting, which only tests and trials have. */
export const FSX: Lifecycles = {
  "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": [
    { on: fileSystem, actions: of("fsx", "CreateFileSystem"), conditions: byName("RequestTag") },
    {
      on: fileSystem,
      actions: of("fsx", "TagResource"),
      conditions: byName("RequestTag"),
      unseen: 'the tags of the call need it (FSx user guides, "Grant permission to tag resources during creation")',
    },
    { on: fileSystem, actions: of("fsx", "DeleteFileSystem"), conditions: byName("ResourceTag") },
    { on: everything, actions: of("fsx", "DescribeFileSystems") },
    {
      on: fileSystem,
      actions: of("fsx", "UpdateFileSystem TagResource UntagResource"),
      conditions: byName("ResourceTag"),
      unseen: UNSEEN.change,
    },
    { on: fileSystem, actions: of("fsx", "ListTagsForResource"), unseen: UNSEEN.official },
    { on: everything, actions: of("fsx", "DescribeVolumes"), unseen: UNSEEN.official },
    // AWS says so of its managed policy AmazonFSxFullAccess (FSx user guides, "Amazon FSx updates to AWS managed policies").
    {
      on: anyOf("ec2", "vpc/"),
      actions: of("ec2", "GetSecurityGroupsForVpc"),
      unseen: "FSx asks it in the caller's name, to see whether the security groups fit",
    },
    {
      on: (_inputs, { partition, account }) => [
        `arn:${partition}:iam::${account}:role/aws-service-role/fsx.amazonaws.com/*`,
      ],
      actions: of("iam", "CreateServiceLinkedRole"),
      unseen: 'with the first file system of an account (FSx user guides, "Using service-linked roles for Amazon FSx")',
    },
  ],
};
