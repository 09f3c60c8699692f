import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  waitUntilSecurityGroupExists,
} from "@aws-sdk/client-ec2";
import { whileInUse } from "../../calls/retry.js";
import { fromTagList } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { type ResourceType, resource, unlessGone } from "../../resource/resource.js";
import { number, string, tagged, type Values } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { setTags, tagSpecification } from "../ec2/common.js";

const GROUP_GONE = "InvalidGroup.NotFound";

/** Rules are resources of their own here, as the official provider advises: `aws.vpc.SecurityGroupIngressRule` and `…EgressRule`. */
export const securityGroup = resource({
  token: "aws:ec2/securityGroup:SecurityGroup",
  inputs: {
    description: string({ default: "Managed by Pulumi", replace: true }),
    name: string({ computed: true, replace: true }),
    vpcId: string({ computed: true, replace: true }),
    ...tagged,
  },
  outputs: ["arn", "ownerId"],
  autoName: { property: "name", max: 255 },
  async create(context, { name: GroupName, description: Description, vpcId: VpcId, tagsAll }) {
    const asked = { GroupName, Description, VpcId, TagSpecifications: tagSpecification("security-group", tagsAll) };
    const { GroupId } = await context.client(EC2Client).send(new CreateSecurityGroupCommand(asked));
    if (!GroupId) throw new Error("CreateSecurityGroup gave no id");
    return GroupId;
  },
  async settle(context, id) {
    const client = context.client(EC2Client);
    await waitUntilSecurityGroupExists({ client, ...WAIT }, { GroupIds: [id] });
    // The official provider takes away the rule that lets everything out: what may go out is said by rules.
    const IpPermissions = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
    const call = client.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions }));
    await unlessGone(call, "InvalidPermission.NotFound");
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const seen = (await unlessGone(call, GROUP_GONE))?.SecurityGroups?.[0];
    if (!seen) return undefined;
    return {
      arn: seen.SecurityGroupArn,
      description: seen.Description,
      name: seen.GroupName,
      ownerId: seen.OwnerId,
      vpcId: seen.VpcId,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior) {
    await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    await unlessGone(
      whileInUse(() => client.send(new DeleteSecurityGroupCommand({ GroupId: id }))),
      GROUP_GONE,
    );
  },
});

const RULE = {
  cidrIpv4: string(),
  cidrIpv6: string(),
  description: string(),
  fromPort: number(),
  ipProtocol: string({ required: true }),
  referencedSecurityGroupId: string(),
  securityGroupId: string({ required: true, replace: true }),
  toPort: number(),
  ...tagged,
};
type Rule = Values<typeof RULE>;

const onePeer = (inputs: Props) => {
  const peers = ["cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"].filter((name) => inputs[name] !== undefined);
  if (peers.length === 1) return undefined;
  return { property: "cidrIpv4", reason: "one of cidrIpv4, cidrIpv6, referencedSecurityGroupId must be given" };
};

const permission = (rule: Rule): IpPermission => {
  const { cidrIpv4, cidrIpv6, description: Description, referencedSecurityGroupId } = rule;
  return {
    IpProtocol: rule.ipProtocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(cidrIpv4 === undefined ? {} : { IpRanges: [{ CidrIp: cidrIpv4, Description }] }),
    ...(cidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: cidrIpv6, Description }] }),
    ...(referencedSecurityGroupId === undefined
      ? {}
      : { UserIdGroupPairs: [{ GroupId: referencedSecurityGroupId, Description }] }),
  };
};

/** A rule in one direction. AWS says port -1 where a rule is for all of them. */
const ruleType = (direction: "Ingress" | "Egress"): ResourceType =>
  resource({
    token: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    inputs: RULE,
    outputs: ["arn", "securityGroupRuleId"],
    validate: onePeer,
    async create(context, inputs) {
      const asked = {
        GroupId: inputs.securityGroupId,
        IpPermissions: [permission(inputs)],
        TagSpecifications: tagSpecification("security-group-rule", inputs.tagsAll),
      };
      const client = context.client(EC2Client);
      const made =
        direction === "Ingress"
          ? await client.send(new AuthorizeSecurityGroupIngressCommand(asked))
          : await client.send(new AuthorizeSecurityGroupEgressCommand(asked));
      const id = made.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
      if (!id) throw new Error(`AuthorizeSecurityGroup${direction} gave no id`);
      return id;
    },
    async read(context, id) {
      const asked = new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] });
      const call = context.client(EC2Client).send(asked);
      const seen = (await unlessGone(call, "InvalidSecurityGroupRuleId.NotFound", GROUP_GONE))?.SecurityGroupRules?.[0];
      if (!seen) return undefined;
      const portOf = (port: number | undefined) => (seen.IpProtocol === "-1" && port === -1 ? undefined : port);
      return {
        arn: seen.SecurityGroupRuleArn,
        cidrIpv4: seen.CidrIpv4,
        cidrIpv6: seen.CidrIpv6,
        description: seen.Description,
        fromPort: portOf(seen.FromPort),
        ipProtocol: seen.IpProtocol,
        referencedSecurityGroupId: seen.ReferencedGroupInfo?.GroupId,
        securityGroupId: seen.GroupId,
        securityGroupRuleId: id,
        toPort: portOf(seen.ToPort),
        tagsAll: fromTagList(seen.Tags),
      };
    },
    async update(context, id, next, prior, changed) {
      if ([...changed].some((property) => property !== "tags" && property !== "tagsAll")) {
        const SecurityGroupRule = {
          IpProtocol: next.ipProtocol,
          FromPort: next.fromPort,
          ToPort: next.toPort,
          CidrIpv4: next.cidrIpv4,
          CidrIpv6: next.cidrIpv6,
          ReferencedGroupId: next.referencedSecurityGroupId,
          Description: next.description,
        };
        const SecurityGroupRules = [{ SecurityGroupRuleId: id, SecurityGroupRule }];
        const change = { GroupId: next.securityGroupId, SecurityGroupRules };
        await context.client(EC2Client).send(new ModifySecurityGroupRulesCommand(change));
      }
      if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
    },
    async remove(context, id, { securityGroupId: GroupId }) {
      const asked = { GroupId, SecurityGroupRuleIds: [id] };
      const client = context.client(EC2Client);
      const call: Promise<unknown> =
        direction === "Ingress"
          ? client.send(new RevokeSecurityGroupIngressCommand(asked))
          : client.send(new RevokeSecurityGroupEgressCommand(asked));
      await unlessGone(call, "InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", GROUP_GONE);
    },
  });

export const securityGroupRules: readonly ResourceType[] = [ruleType("Ingress"), ruleType("Egress")];
