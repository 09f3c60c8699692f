import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";

describe("sandbox EC2: security groups", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let VpcId: string;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    VpcId = given((await east.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId);
  });
  afterEach(() => ec2.stop());

  const make = async (GroupName: string): Promise<string> =>
    given((await east.send(new CreateSecurityGroupCommand({ GroupName, Description: "d", VpcId }))).GroupId);
  const seen = async (id: string): Promise<SecurityGroup> =>
    given((await east.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0]);
  const allow = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    east.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 };
  const fromAnywhere = { ...https, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "the internet" }] };

  it("lets everything out and nothing in, at first", async () => {
    const group = await seen(await make("web"));
    expect(group.IpPermissions).to.deep.equal([]);
    expect(group.IpPermissionsEgress).to.have.length(1);
    expect(group.IpPermissionsEgress?.[0]).to.deep.include({ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
    expect((await failure(make("web"))).code).to.equal("InvalidGroup.Duplicate");
    expect((await failure(make("default"))).code).to.equal("InvalidGroup.Reserved");
  });

  it("keeps each rule by itself, and shows those of one port together", async () => {
    const [web, app] = [await make("web"), await make("app")];
    const made = await allow(
      app,
      { ...fromAnywhere, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      { ...https, UserIdGroupPairs: [{ GroupId: web }] },
    );
    expect(made.SecurityGroupRules?.map((rule) => rule.SecurityGroupRuleId?.slice(0, 4))).to.deep.equal(
      Array(3).fill("sgr-"),
    );
    const { IpPermissions: [only, ...others] = [] } = await seen(app);
    expect(others).to.deep.equal([]);
    expect(only?.IpRanges).to.deep.equal([{ CidrIp: "0.0.0.0/0", Description: "the internet" }]);
    expect(only?.Ipv6Ranges).to.deep.equal([{ CidrIpv6: "::/0" }]);
    expect(only?.UserIdGroupPairs?.map(({ GroupId }) => GroupId)).to.deep.equal([web]);
    const Filters = [{ Name: "ip-permission.group-id", Values: [web] }];
    const naming = await east.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(naming.SecurityGroups?.map(({ GroupId }) => GroupId)).to.deep.equal([app]);
  });

  it("refuses a rule that is there, all or none", async () => {
    const web = await make("web");
    await allow(web, fromAnywhere);
    const twice = await failure(allow(web, { ...fromAnywhere, FromPort: 80, ToPort: 80 }, fromAnywhere));
    expect(twice).to.include({
      code: "InvalidPermission.Duplicate",
      message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
    });
    expect((await seen(web)).IpPermissions).to.have.length(1);
    expect(
      (await failure(allow(web, { ...https, FromPort: 500, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }))).code,
    ).to.equal("InvalidParameterValue");
    const prefixList = { ...https, PrefixListIds: [{ PrefixListId: "pl-1" }] };
    expect((await failure(allow(web, prefixList))).code).to.equal("MissingParameter");
  });

  it("changes, tags and revokes a rule by its id or by what it says", async () => {
    const web = await make("web");
    const { SecurityGroupRules: [rule] = [] } = await allow(web, fromAnywhere);
    const SecurityGroupRuleId = given(rule?.SecurityGroupRuleId);
    const SecurityGroupRule = { IpProtocol: "tcp", FromPort: 8443, ToPort: 8443, CidrIpv4: "10.0.0.0/8" };
    const change = { GroupId: web, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }] };
    await east.send(new ModifySecurityGroupRulesCommand(change));
    await east.send(new CreateTagsCommand({ Resources: [SecurityGroupRuleId], Tags: [{ Key: "a", Value: "b" }] }));
    const ids = { SecurityGroupRuleIds: [SecurityGroupRuleId] };
    const { SecurityGroupRules: [now] = [] } = await east.send(new DescribeSecurityGroupRulesCommand(ids));
    expect(now).to.deep.include({ FromPort: 8443, CidrIpv4: "10.0.0.0/8", Tags: [{ Key: "a", Value: "b" }] });
    expect(now).not.to.have.property("Description");
    await east.send(new RevokeSecurityGroupIngressCommand({ GroupId: web, ...ids }));
    const gone = await failure(east.send(new DescribeSecurityGroupRulesCommand(ids)));
    expect(gone.code).to.equal("InvalidSecurityGroupRuleId.NotFound");

    const everything = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    const out = { GroupId: web, IpPermissions: [everything] };
    await east.send(new RevokeSecurityGroupEgressCommand(out));
    expect((await failure(east.send(new RevokeSecurityGroupEgressCommand(out)))).code).to.equal(
      "InvalidPermission.NotFound",
    );
    await east.send(new AuthorizeSecurityGroupEgressCommand(out));
    expect((await seen(web)).IpPermissionsEgress).to.have.length(1);
  });

  it("keeps a group that another one names, and the default one", async () => {
    const [web, app] = [await make("web"), await make("app")];
    await allow(app, { ...https, UserIdGroupPairs: [{ GroupId: web }] });
    const used = await failure(east.send(new DeleteSecurityGroupCommand({ GroupId: web })));
    expect(used).to.include({ code: "DependencyViolation", message: `resource ${web} has a dependent object` });
    await east.send(new DeleteSecurityGroupCommand({ GroupId: app }));
    await east.send(new DeleteSecurityGroupCommand({ GroupId: web }));
    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const { SecurityGroups = [] } = await east.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups.map(({ GroupName }) => GroupName)).to.deep.equal(["default"]);
    const [group] = SecurityGroups;
    const kept = await failure(east.send(new DeleteSecurityGroupCommand({ GroupId: group?.GroupId })));
    expect(kept.code).to.equal("CannotDelete");
    const { SecurityGroupRules = [] } = await east.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [given(group?.GroupId)] }] }),
    );
    expect(SecurityGroupRules.map(({ IsEgress }) => IsEgress)).to.deep.equal([false, true]);
  });

  it("knows no group of another VPC", async () => {
    const other = given((await east.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId);
    const asked = { GroupName: "far", Description: "d", VpcId: other };
    const { GroupId } = await east.send(new CreateSecurityGroupCommand(asked));
    const web = await make("web");
    const foreign = await failure(allow(web, { ...https, UserIdGroupPairs: [{ GroupId }] }));
    expect(foreign.code).to.equal("InvalidGroup.NotFound");
  });
});
