import {
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { deploy } from "../../stacks/deploy.js";
import { recordSteps, withEngine } from "../sandbox/provider/support.js";
import { workloadConfig } from "../support/stack-configs.js";

const REGION = "us-east-1";

interface Tier {
  readonly instanceIds: string[];
  readonly securityGroupId: string;
}

/** The real program and engine; the tests build on each other. */
describe("a workload in the sandbox", function () {
  this.timeout(1_200_000);
  this.bail(true);
  const { sandbox, stack } = withEngine();
  const ec2 = () => sandbox.client(EC2Client, REGION);
  let estate: Stack;
  let tiers: Readonly<Record<"web" | "app" | "data", Tier>>;

  before(async () => {
    const config = workloadConfig({ ami: "ami-0123456789abcdef0", tiers: { data: { tags: { Backup: "daily" } } } });
    estate = await stack("workload", async () => ({ ...deploy(config) }));
  });
  const named = async () => {
    const Filters = [{ Name: "value", Values: ["acme-workload*"] }];
    const { Tags = [] } = await ec2().send(new DescribeTagsCommand({ Filters }));
    return Tags.map(({ ResourceType, Value }) => `${ResourceType} ${Value}`);
  };

  it("puts the tiers into their subnets, in two zones, with their volumes", async () => {
    const { outputs } = await estate.up();
    tiers = outputs["tiers"]?.value;
    const ids: string[] = outputs["instanceIds"]?.value;
    expect(ids).to.have.members([...tiers.web.instanceIds, ...tiers.app.instanceIds, ...tiers.data.instanceIds]);
    const found = await ec2().send(new DescribeInstancesCommand({ InstanceIds: ids }));
    const machines = (found.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    expect(new Set(machines.map(({ VpcId }) => VpcId))).to.deep.equal(new Set([outputs["vpcId"]?.value]));
    const isPublic = machines.filter(({ PublicIpAddress }) => PublicIpAddress !== undefined);
    expect(isPublic.map(({ InstanceId }) => InstanceId)).to.deep.equal(tiers.web.instanceIds);
    const data = machines.filter(({ InstanceId = "" }) => tiers.data.instanceIds.includes(InstanceId));
    expect(data.map(({ Placement }) => Placement?.AvailabilityZone)).to.have.members([`${REGION}a`, `${REGION}b`]);
    const Filters = [{ Name: "tag:Backup", Values: ["daily"] }];
    const { Volumes = [] } = await ec2().send(new DescribeVolumesCommand({ Filters }));
    expect(
      Volumes.map(({ Size }) => Size),
      "only the data tier's are for a backup",
    ).to.have.members([8, 8, 1, 1, 1, 1]);
    const { Subnets = [] } = await ec2().send(
      new DescribeSubnetsCommand({ SubnetIds: outputs["publicSubnetIds"]?.value }),
    );
    expect(Subnets).to.have.length(2);
  });

  it("changes nothing the second time, nor does a refresh see a change", async () => {
    const { steps, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps).to.deep.equal([]);
    const { summary } = await estate.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("mends what somebody changed", async () => {
    const [first = ""] = tiers.data.instanceIds;
    await ec2().send(new DeleteTagsCommand({ Resources: [first], Tags: [{ Key: "Backup" }] }));
    const GroupId = tiers.app.securityGroupId;
    const ofGroup = [{ Name: "group-id", Values: [GroupId] }];
    const { SecurityGroupRules = [] } = await ec2().send(new DescribeSecurityGroupRulesCommand({ Filters: ofGroup }));
    const rule = SecurityGroupRules.find(({ IsEgress }) => !IsEgress)?.SecurityGroupRuleId ?? "";
    await ec2().send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [rule] }));
    const { summary } = await estate.refresh();
    expect(summary.resourceChanges).to.include({ update: 1, delete: 1 });
    const { steps, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps).to.have.members(["update acme-workload-data-1", "create acme-workload-app-in"]);
  });

  it("leaves nothing behind", async () => {
    expect(await named()).to.include.members(["vpc acme-workload", "subnet acme-workload-public-1"]);
    await estate.destroy();
    // What is terminated or deleted keeps its tags for an hour.
    const left = (await named()).filter((name) => !/^(instance|natgateway) /.test(name));
    expect(left).to.deep.equal([]);
    const { Volumes } = await ec2().send(new DescribeVolumesCommand({}));
    expect(Volumes).to.deep.equal([]);
  });
});
