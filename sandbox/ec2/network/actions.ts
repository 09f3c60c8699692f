import type { Action } from "../call.js";
import { allocateAddress, describeAddresses, releaseAddress } from "./addresses.js";
import { createSecurityGroup, deleteSecurityGroup, describeSecurityGroups } from "./groups.js";
import { describeNetworkInterfaces } from "./interfaces.js";
import * as internet from "./internet-gateways.js";
import * as templates from "./launch-templates.js";
import { createNatGateway, deleteNatGateway, describeNatGateways } from "./nat-gateways.js";
import * as tables from "./route-tables.js";
import { createRoute, deleteRoute, replaceRoute } from "./routes.js";
import * as rules from "./rules.js";
import { createSubnet, deleteSubnet, describeSubnets, modifySubnetAttribute } from "./subnets.js";
import { createVpc, deleteVpc, describeVpcAttribute, describeVpcs, modifyVpcAttribute } from "./vpcs.js";

/** All that this EC2 can do with networks. */
export const NETWORK_ACTIONS: Readonly<Record<string, Action>> = {
  AllocateAddress: allocateAddress,
  AssociateRouteTable: tables.associateRouteTable,
  AttachInternetGateway: internet.attachInternetGateway,
  AuthorizeSecurityGroupEgress: rules.authorizeEgress,
  AuthorizeSecurityGroupIngress: rules.authorizeIngress,
  CreateInternetGateway: internet.createInternetGateway,
  CreateLaunchTemplate: templates.createLaunchTemplate,
  CreateLaunchTemplateVersion: templates.createLaunchTemplateVersion,
  CreateNatGateway: createNatGateway,
  CreateRoute: createRoute,
  CreateRouteTable: tables.createRouteTable,
  CreateSecurityGroup: createSecurityGroup,
  CreateSubnet: createSubnet,
  CreateVpc: createVpc,
  DeleteInternetGateway: internet.deleteInternetGateway,
  DeleteLaunchTemplate: templates.deleteLaunchTemplate,
  DeleteNatGateway: deleteNatGateway,
  DeleteRoute: deleteRoute,
  DeleteRouteTable: tables.deleteRouteTable,
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteSubnet: deleteSubnet,
  DeleteVpc: deleteVpc,
  DescribeAddresses: describeAddresses,
  DescribeInternetGateways: internet.describeInternetGateways,
  DescribeLaunchTemplates: templates.describeLaunchTemplates,
  DescribeLaunchTemplateVersions: templates.describeLaunchTemplateVersions,
  DescribeNatGateways: describeNatGateways,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribeRouteTables: tables.describeRouteTables,
  DescribeSecurityGroupRules: rules.describeSecurityGroupRules,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSubnets: describeSubnets,
  DescribeVpcAttribute: describeVpcAttribute,
  DescribeVpcs: describeVpcs,
  DetachInternetGateway: internet.detachInternetGateway,
  DisassociateRouteTable: tables.disassociateRouteTable,
  ModifyLaunchTemplate: templates.modifyLaunchTemplate,
  ModifySecurityGroupRules: rules.modifySecurityGroupRules,
  ModifySubnetAttribute: modifySubnetAttribute,
  ModifyVpcAttribute: modifyVpcAttribute,
  ReleaseAddress: releaseAddress,
  ReplaceRoute: replaceRoute,
  ReplaceRouteTableAssociation: tables.replaceRouteTableAssociation,
  RevokeSecurityGroupEgress: rules.revokeEgress,
  RevokeSecurityGroupIngress: rules.revokeIngress,
};
