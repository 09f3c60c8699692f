import {
  CreateRouteCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  type EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  paginateDescribeSubnets,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";
import { ANYWHERE, builder } from "./networks.js";

describe("sandbox EC2: networks", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let make: ReturnType<typeof builder>;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    make = builder(east);
  });
  afterEach(() => ec2.stop());

  const launch = async (SubnetId: string): Promise<string> => {
    const asked = { ImageId: "ami-0123456789abcdef0", MinCount: 1, MaxCount: 1, SubnetId };
    return given((await east.send(new RunInstancesCommand(asked))).Instances?.[0]?.InstanceId);
  };

  it("has a default VPC in each region, the same in each life of the sandbox", async () => {
    const { Vpcs: [vpc] = [] } = await east.send(new DescribeVpcsCommand({}));
    expect(vpc).to.include({ IsDefault: true, CidrBlock: "172.31.0.0/16", State: "available" });
    const { Subnets = [] } = await east.send(new DescribeSubnetsCommand({}));
    expect(Subnets.map((one) => [one.AvailabilityZone, one.CidrBlock, one.DefaultForAz])).to.deep.equal([
      ["us-east-1a", "172.31.0.0/20", true],
      ["us-east-1b", "172.31.16.0/20", true],
      ["us-east-1c", "172.31.32.0/20", true],
    ]);
    expect(Subnets[0]).to.include({ VpcId: vpc?.VpcId, MapPublicIpOnLaunch: true, AvailableIpAddressCount: 4091 });
    const { RouteTables: [main] = [] } = await east.send(new DescribeRouteTablesCommand({}));
    expect(main?.Associations?.map(({ Main }) => Main)).to.deep.equal([true]);
    expect(main?.Routes?.map((route) => [route.DestinationCidrBlock, route.State])).to.deep.equal([
      ["172.31.0.0/16", "active"],
      [ANYWHERE, "active"],
    ]);
    await ec2.restart();
    expect((await east.send(new DescribeVpcsCommand({}))).Vpcs).to.deep.equal([vpc]);
    const { Vpcs: [other] = [] } = await ec2.client("eu-west-1").send(new DescribeVpcsCommand({}));
    expect(other?.VpcId).not.to.equal(vpc?.VpcId);
    const refused = await failure(east.send(new DeleteVpcCommand({ VpcId: vpc?.VpcId })));
    expect(refused.code).to.equal("UnsupportedOperation");
  });

  it("makes a VPC with its main route table and default group, and takes them away with it", async () => {
    const VpcId = await make.vpc("10.1.2.3/16");
    const { Vpcs: [vpc] = [] } = await east.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
    expect(vpc).to.include({ CidrBlock: "10.1.0.0/16", IsDefault: false });
    const dns = async (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
      east.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
    expect((await dns("enableDnsSupport")).EnableDnsSupport?.Value).to.equal(true);
    expect((await dns("enableDnsHostnames")).EnableDnsHostnames?.Value).to.equal(false);
    await east.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    expect((await dns("enableDnsHostnames")).EnableDnsHostnames?.Value).to.equal(true);
    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const parts = async () => [
      ...((await east.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables ?? []),
      ...((await east.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? []),
    ];
    expect(await parts()).to.have.length(2);
    await ec2.restart();
    expect(await parts()).to.have.length(2);
    await east.send(new DeleteVpcCommand({ VpcId }));
    expect(await parts()).to.have.length(0);
    const gone = await failure(east.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })));
    expect(gone).to.include({ code: "InvalidVpcID.NotFound", message: `The vpc ID '${VpcId}' does not exist` });
  });

  it("refuses blocks that are none, too large, too small, outside or taken", async () => {
    for (const CidrBlock of ["10.0.0.0/15", "10.0.0.0/29", "10.0.0.256/16", "all"]) {
      expect((await failure(make.vpc(CidrBlock))).code, CidrBlock).to.equal("InvalidVpc.Range");
    }
    const vpc = await make.vpc();
    await make.subnet(vpc, "10.0.0.0/20");
    for (const cidr of ["10.1.0.0/20", "10.0.0.0/29", "x"]) {
      expect((await failure(make.subnet(vpc, cidr))).code, cidr).to.equal("InvalidSubnet.Range");
    }
    expect((await failure(make.subnet(vpc, "10.0.8.0/24"))).code).to.equal("InvalidSubnet.Conflict");
    await make.subnet(await make.vpc(), "10.0.8.0/24");
    expect((await failure(make.subnet(vpc, "10.0.32.0/20", "us-east-1z"))).code).to.equal("InvalidZone.NotFound");
  });

  it("pages and filters subnets", async () => {
    const vpc = await make.vpc();
    for (let i = 0; i < 7; i++) await make.subnet(vpc, `10.0.${i}.0/24`, i % 2 === 0 ? "us-east-1a" : "us-east-1b");
    const zoneB = [
      { Name: "vpc-id", Values: [vpc] },
      { Name: "availability-zone", Values: ["us-east-1b"] },
    ];
    const { Subnets = [] } = await east.send(new DescribeSubnetsCommand({ Filters: zoneB }));
    expect(Subnets.map(({ CidrBlock }) => CidrBlock)).to.deep.equal(["10.0.1.0/24", "10.0.3.0/24", "10.0.5.0/24"]);
    const sizes: number[] = [];
    const Filters = [{ Name: "vpc-id", Values: [vpc] }];
    for await (const page of paginateDescribeSubnets({ client: east, pageSize: 5 }, { Filters })) {
      sizes.push(page.Subnets?.length ?? 0);
    }
    expect(sizes).to.deep.equal([5, 2]);
    const wrong = [{ Name: "ipv6-native", Values: ["false"] }];
    expect((await failure(east.send(new DescribeSubnetsCommand({ Filters: wrong })))).message).to.contain(
      "ipv6-native",
    );
  });

  it("keeps what is in use, in AWS's words", async () => {
    const VpcId = await make.vpc();
    const SubnetId = await make.subnet(VpcId, "10.0.0.0/24");
    await east.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const InternetGatewayId = await make.gateway(VpcId);
    const id = await launch(SubnetId);
    const detach = () => east.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    const mapped = await failure(detach());
    expect(mapped.code).to.equal("DependencyViolation");
    expect(mapped.message).to.match(/^Network vpc-\w+ has some mapped public address\(es\)\./);
    const inUse = await failure(east.send(new DeleteSubnetCommand({ SubnetId })));
    expect(inUse).to.include({
      code: "DependencyViolation",
      message: `The subnet '${SubnetId}' has dependencies and cannot be deleted.`,
    });
    expect((await failure(east.send(new DeleteVpcCommand({ VpcId })))).code).to.equal("DependencyViolation");
    await east.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await detach();
    await east.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await east.send(new DeleteSubnetCommand({ SubnetId }));
    const RouteTableId = await make.table(VpcId);
    expect((await failure(east.send(new DeleteVpcCommand({ VpcId })))).code).to.equal("DependencyViolation");
    await east.send(new DeleteRouteTableCommand({ RouteTableId }));
    await east.send(new DeleteVpcCommand({ VpcId }));
  });

  it("tags what it makes, and finds it by tag", async () => {
    const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: [{ Key: "Name", Value: "net" }] }];
    const made = await east.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }));
    const Filters = [{ Name: "tag:Name", Values: ["n*"] }];
    const { Vpcs = [] } = await east.send(new DescribeVpcsCommand({ Filters }));
    expect(Vpcs.map(({ VpcId }) => VpcId)).to.deep.equal([made.Vpc?.VpcId]);
    expect(made.Vpc?.Tags).to.deep.equal([{ Key: "Name", Value: "net" }]);
  });

  it("names what it does not know", async () => {
    const ipv6 = { CidrBlock: "10.0.0.0/16", Ipv6CidrBlock: "2001:db8::/56", Ipv6Pool: "pool" };
    const unknown = await failure(east.send(new CreateVpcCommand(ipv6)));
    expect(unknown.code).to.equal("UnknownParameter");
    expect(unknown.message).to.contain("Ipv6");
    const VpcId = await make.vpc();
    const table = await make.table(VpcId);
    const target = { RouteTableId: table, DestinationCidrBlock: ANYWHERE, TransitGatewayId: "tgw-0123456789abcdef0" };
    expect((await failure(east.send(new CreateRouteCommand(target)))).message).to.contain("GatewayId and NatGatewayId");
    const malformed = await failure(east.send(new DescribeVpcsCommand({ VpcIds: ["vpc-1"] })));
    expect(malformed.code).to.equal("InvalidVpcID.Malformed");
  });
});
