import type { Inputs, Lifecycles, Need, Place } from "./model.js";
import { everything, of, tagOf, UNSEEN } from "./needs.js";

/** EC2 makes up all ids: whose a thing is, its Name tag tells, which begins with the deployment and `workload`. */
const made = (inputs: Inputs) => ({ StringLike: { "aws:RequestTag/Name": tagOf(inputs, "Name") } });
const ours = (inputs: Inputs) => ({ StringLike: { "aws:ResourceTag/Name": tagOf(inputs, "Name") } });

const kinds =
  (...names: readonly string[]): Need["on"] =>
  (_inputs, { partition, region, account }: Place) =>
    names.map((name) => `arn:${partition}:ec2:${region}:${name === "image" ? "" : account}:${name}/*`);

/** The environment worth protecting, which only tests and trials have. */
export const EC2: Lifecycles = {
  "aws:ec2/instance:Instance": [
    { on: kinds("instance", "volume"), actions: of("ec2", "RunInstances"), conditions: made },
    // What an instance is made with.
    { on: kinds("image", "subnet", "security-group", "network-interface"), actions: of("ec2", "RunInstances") },
    {
      on: kinds("instance", "volume"),
      actions: of("ec2", "CreateTags"),
      conditions: () => ({ StringEquals: { "ec2:CreateAction": "RunInstances" } }),
      unseen:
        'the tags that RunInstances sets need it (EC2 user guide, "Grant permission to tag resources during creation")',
    },
    { on: kinds("instance"), actions: of("ec2", "TerminateInstances"), conditions: ours },
    {
      on: kinds("instance", "volume"),
      actions: of("ec2", "CreateTags DeleteTags"),
      conditions: ours,
      unseen: UNSEEN.change,
    },
    {
      on: kinds("instance"),
      actions: of("ec2", "StopInstances StartInstances ModifyInstanceAttribute"),
      conditions: ours,
      unseen: UNSEEN.change,
    },
    {
      on: kinds("instance"),
      actions: of("ec2", "DescribeInstanceAttribute"),
      conditions: ours,
      unseen: UNSEEN.official,
    },
    { on: everything, actions: of("ec2", "DescribeInstances DescribeVolumes") },
    {
      on: everything,
      actions: of(
        "ec2",
        "DescribeInstanceCreditSpecifications DescribeInstanceTypes DescribeImages DescribeTags DescribeVpcs DescribeSubnets",
      ),
      unseen: UNSEEN.official,
    },
  ],
};
