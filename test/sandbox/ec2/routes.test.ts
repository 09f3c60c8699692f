import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  type EC2Client,
  ReleaseAddressCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";
import { ANYWHERE, builder } from "./networks.js";

describe("sandbox EC2: routes and gateways", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let make: ReturnType<typeof builder>;

  beforeEach(async () => {
    ec2 = await startEc2();
    east = ec2.client("us-east-1");
    make = builder(east);
  });
  afterEach(() => ec2.stop());

  const tableOf = async (RouteTableId: string): Promise<RouteTable> =>
    given((await east.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }))).RouteTables?.[0]);

  it("routes to an internet gateway of the VPC, and shows a black hole once that is gone", async () => {
    const VpcId = await make.vpc();
    const subnet = await make.subnet(VpcId, "10.0.0.0/24");
    const GatewayId = await make.gateway(VpcId);
    const RouteTableId = await make.table(VpcId);
    const route = { RouteTableId, DestinationCidrBlock: ANYWHERE, GatewayId };
    await east.send(new CreateRouteCommand(route));
    expect((await failure(east.send(new CreateRouteCommand(route)))).code).to.equal("RouteAlreadyExists");
    const { AssociationId } = await east.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: subnet }));
    const again = await failure(east.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: subnet })));
    expect(again.code).to.equal("Resource.AlreadyAssociated");
    const table = await tableOf(RouteTableId);
    expect(table.Routes?.map((one) => [one.GatewayId, one.State, one.Origin])).to.deep.equal([
      ["local", "active", "CreateRouteTable"],
      [GatewayId, "active", "CreateRoute"],
    ]);
    expect(table.Associations?.[0]).to.include({
      RouteTableAssociationId: AssociationId,
      SubnetId: subnet,
      Main: false,
    });
    const used = await failure(east.send(new DeleteRouteTableCommand({ RouteTableId })));
    expect(used.code).to.equal("DependencyViolation");

    const other = await make.table(VpcId);
    const moved = await east.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: other }));
    expect((await tableOf(RouteTableId)).Associations).to.deep.equal([]);
    await east.send(new DisassociateRouteTableCommand({ AssociationId: moved.NewAssociationId }));
    expect((await tableOf(other)).Associations).to.deep.equal([]);
    const unknown = await failure(east.send(new DisassociateRouteTableCommand({ AssociationId })));
    expect(unknown.code).to.equal("InvalidAssociationID.NotFound");

    await east.send(new DetachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
    expect((await tableOf(RouteTableId)).Routes?.[1]?.State).to.equal("blackhole");
    const foreign = await failure(east.send(new ReplaceRouteCommand(route)));
    expect(foreign.message).to.contain("belong to different networks");
    await east.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: ANYWHERE }));
    const gone = await failure(east.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: ANYWHERE })));
    expect(gone.code).to.equal("InvalidRoute.NotFound");
  });

  it("has one internet gateway a VPC, and one VPC a gateway", async () => {
    const VpcId = await make.vpc();
    const InternetGatewayId = await make.gateway(VpcId);
    const elsewhere = { InternetGatewayId, VpcId: await make.vpc() };
    const twice = await failure(east.send(new AttachInternetGatewayCommand(elsewhere)));
    expect(twice.code).to.equal("Resource.AlreadyAssociated");
    expect((await failure(make.gateway(VpcId))).code).to.equal("InvalidParameterValue");
    const not = await failure(east.send(new DetachInternetGatewayCommand(elsewhere)));
    expect(not.code).to.equal("Gateway.NotAttached");
    const attached = [{ Name: "attachment.vpc-id", Values: [VpcId] }];
    const seen = await east.send(new DescribeInternetGatewaysCommand({ Filters: attached }));
    expect(seen.InternetGateways?.map((one) => one.InternetGatewayId)).to.deep.equal([InternetGatewayId]);
    const deleted = await failure(east.send(new DeleteInternetGatewayCommand({ InternetGatewayId })));
    expect(deleted.code).to.equal("DependencyViolation");
  });

  it("gives a NAT gateway its address until it is deleted", async () => {
    const VpcId = await make.vpc();
    const SubnetId = await make.subnet(VpcId, "10.0.0.0/28");
    const { AllocationId, PublicIp } = await east.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const asked = { SubnetId, AllocationId };
    expect((await failure(east.send(new CreateNatGatewayCommand(asked)))).code).to.equal("Gateway.NotAttached");
    await make.gateway(VpcId);
    const made = await east.send(new CreateNatGatewayCommand({ ...asked, ClientToken: "one" }));
    expect(made.NatGateway).to.include({ State: "pending", ConnectivityType: "public" });
    const NatGatewayId = given(made.NatGateway?.NatGatewayId);
    const same = await east.send(new CreateNatGatewayCommand({ ...asked, ClientToken: "one" }));
    expect(same.NatGateway?.NatGatewayId).to.equal(NatGatewayId);
    const taken = await failure(east.send(new CreateNatGatewayCommand(asked)));
    expect(taken.code).to.equal("Resource.AlreadyAssociated");
    const ids = { NatGatewayIds: [NatGatewayId] };
    const { NatGateways: [seen] = [] } = await east.send(new DescribeNatGatewaysCommand(ids));
    expect(seen).to.include({ State: "available", SubnetId, VpcId });
    expect(seen?.NatGatewayAddresses?.[0]).to.include({ AllocationId, PublicIp, PrivateIp: "10.0.0.4" });
    const { Addresses: [address] = [] } = await east.send(new DescribeAddressesCommand({}));
    expect(address).to.include({ AllocationId, PublicIp, PrivateIpAddress: "10.0.0.4" });
    const held = await failure(east.send(new ReleaseAddressCommand({ AllocationId })));
    expect(held.code).to.equal("InvalidIPAddress.InUse");
    expect((await failure(east.send(new DeleteSubnetCommand({ SubnetId })))).code).to.equal("DependencyViolation");

    await east.send(new DeleteNatGatewayCommand({ NatGatewayId }));
    expect((await east.send(new DescribeNatGatewaysCommand(ids))).NatGateways?.[0]?.State).to.equal("deleted");
    await east.send(new ReleaseAddressCommand({ AllocationId }));
    await east.send(new DeleteSubnetCommand({ SubnetId }));
    ec2.advance(61 * 60_000);
    const gone = await failure(east.send(new DescribeNatGatewaysCommand(ids)));
    expect(gone.code).to.equal("NatGatewayNotFound");
  });
});
