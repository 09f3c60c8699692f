import type { Lifecycles, Need, Place } from "./model.js";
import { everything, of, UNSEEN } from "./needs.js";

/** EC2 makes up all ids: whose a thing is, its Name tag tells, which begins with the deployment and `workload`. */
const byName =
  (key: "RequestTag" | "ResourceTag") =>
  (_inputs: unknown, { prefix }: Place) => ({
    StringLike: { [`aws:${key}/Name`]: `${prefix}*` },
  });
const made = byName("RequestTag");
const ours = byName("ResourceTag");

/** Kinds of things by the word for them in an ARN; images belong to others. */
const kinds =
  (...names: readonly string[]): Need["on"] =>
  (_inputs, { partition, region, account }: Place) =>
    names.map((name) => `arn:${partition}:ec2:${region}:${name === "image" ? "" : account}:${name}/*`);

const TAGGING = 'the tags of the call need it (EC2 user guide, "Grant permission to tag resources during creation")';

/** A kind of thing of its own: made with our name, and changed and removed only where it has it. */
function owned(kind: string, create: string, change: string, list: string, later = ""): Need[] {
  return [
    { on: kinds(kind), actions: of("ec2", create), conditions: made },
    {
      on: kinds(kind),
      actions: of("ec2", "CreateTags"),
      conditions: () => ({ StringEquals: { "ec2:CreateAction": create } }),
      unseen: TAGGING,
    },
    { on: kinds(kind), actions: of("ec2", change), conditions: ours },
    { on: kinds(kind), actions: of("ec2", `CreateTags DeleteTags${later}`), conditions: ours, unseen: UNSEEN.change },
    { on: everything, actions: of("ec2", list) },
  ];
}

const VPC: readonly Need[] = owned(
  "vpc",
  "CreateVpc",
  "DeleteVpc ModifyVpcAttribute DescribeVpcAttribute",
  "DescribeVpcs",
);
const SUBNET: readonly Need[] = [
  ...owned("subnet", "CreateSubnet", "DeleteSubnet ModifySubnetAttribute", "DescribeSubnets"),
  { on: kinds("vpc"), actions: of("ec2", "CreateSubnet"), conditions: ours },
];
const ROUTES: readonly Need[] = [
  ...owned(
    "route-table",
    "CreateRouteTable",
    "DeleteRouteTable AssociateRouteTable DisassociateRouteTable CreateRoute DeleteRoute",
    "DescribeRouteTables",
    " ReplaceRoute ReplaceRouteTableAssociation",
  ),
  { on: kinds("vpc"), actions: of("ec2", "CreateRouteTable"), conditions: ours },
  { on: kinds("subnet"), actions: of("ec2", "AssociateRouteTable DisassociateRouteTable"), conditions: ours },
];
const GATEWAYS: readonly Need[] = [
  ...owned(
    "internet-gateway",
    "CreateInternetGateway",
    "DeleteInternetGateway AttachInternetGateway DetachInternetGateway",
    "DescribeInternetGateways",
  ),
  { on: kinds("vpc"), actions: of("ec2", "AttachInternetGateway DetachInternetGateway"), conditions: ours },
  ...owned("natgateway", "CreateNatGateway", "DeleteNatGateway", "DescribeNatGateways"),
  { on: kinds("subnet", "elastic-ip"), actions: of("ec2", "CreateNatGateway"), conditions: ours },
  ...owned("elastic-ip", "AllocateAddress", "ReleaseAddress", "DescribeAddresses"),
];
const GROUP: readonly Need[] = [
  ...owned("security-group", "CreateSecurityGroup", "DeleteSecurityGroup", "DescribeSecurityGroups"),
  { on: kinds("vpc"), actions: of("ec2", "CreateSecurityGroup"), conditions: ours },
];
const TEMPLATE: readonly Need[] = [
  ...owned(
    "launch-template",
    "CreateLaunchTemplate",
    "DeleteLaunchTemplate",
    "DescribeLaunchTemplates DescribeLaunchTemplateVersions",
    " CreateLaunchTemplateVersion ModifyLaunchTemplate",
  ),
];

/** Rules have ids of their own, and go with the rights on their group. */
const rule = (direction: "Ingress" | "Egress"): readonly Need[] => [
  {
    on: kinds("security-group"),
    actions: of("ec2", `AuthorizeSecurityGroup${direction} RevokeSecurityGroup${direction}`),
    conditions: ours,
  },
  {
    on: kinds("security-group"),
    actions: of("ec2", "ModifySecurityGroupRules"),
    conditions: ours,
    unseen: UNSEEN.change,
  },
  {
    on: kinds("security-group-rule"),
    actions: of("ec2", "CreateTags"),
    conditions: () => ({ StringEquals: { "ec2:CreateAction": `AuthorizeSecurityGroup${direction}` } }),
    unseen: TAGGING,
  },
  { on: everything, actions: of("ec2", "DescribeSecurityGroupRules") },
];

const INSTANCE: readonly Need[] = [
  { on: kinds("instance", "volume"), actions: of("ec2", "RunInstances"), conditions: made },
  // What an instance is made with.
  {
    on: kinds("image", "subnet", "security-group", "network-interface", "launch-template"),
    actions: of("ec2", "RunInstances"),
  },
  {
    on: kinds("instance", "volume"),
    actions: of("ec2", "CreateTags"),
    conditions: () => ({ StringEquals: { "ec2:CreateAction": "RunInstances" } }),
    unseen: TAGGING,
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
    actions: of("ec2", "StopInstances StartInstances ModifyInstanceAttribute DescribeInstanceAttribute"),
    conditions: ours,
    unseen: UNSEEN.change,
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
];

/** The environment worth protecting, which only tests and trials have. */
export const EC2: Lifecycles = {
  // A component of another program: what it is made of is not registered here.
  "awsx:ec2:Vpc": [
    ...[...VPC, ...SUBNET, ...ROUTES, ...GATEWAYS],
    { on: everything, actions: of("ec2", "DescribeAvailabilityZones"), unseen: UNSEEN.official },
    { on: everything, actions: of("ec2", "DescribeSecurityGroups DescribeNetworkAcls"), unseen: UNSEEN.official },
  ],
  "aws:ec2/securityGroup:SecurityGroup": GROUP,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  "aws:ec2/launchTemplate:LaunchTemplate": TEMPLATE,
  "aws:ec2/instance:Instance": INSTANCE,
};
