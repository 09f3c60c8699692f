import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { given } from "./harness.js";

/** The whole internet, as a destination. */
export const ANYWHERE = "0.0.0.0/0";

/** Makes the parts of a network, each in one call; all give ids. */
export const builder = (east: EC2Client) => ({
  vpc: async (CidrBlock = "10.0.0.0/16"): Promise<string> =>
    given((await east.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId),
  subnet: async (VpcId: string, CidrBlock: string, AvailabilityZone = "us-east-1a"): Promise<string> =>
    given((await east.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId),
  gateway: async (VpcId: string): Promise<string> => {
    const made = await east.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = given(made.InternetGateway?.InternetGatewayId);
    await east.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    return InternetGatewayId;
  },
  table: async (VpcId: string): Promise<string> =>
    given((await east.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId),
});
