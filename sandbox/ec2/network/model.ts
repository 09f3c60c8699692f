import type { Base, ClientToken } from "../state/base.js";

/** What the plane remembers of networks. The kinds are the resource types of EC2's tags (API_TagSpecification). */

export interface Vpc extends Base {
  readonly kind: "vpc";
  readonly cidr: string;
  /** One per region, there from the start. */
  readonly isDefault: boolean;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
}

export interface Subnet extends Base {
  readonly kind: "subnet";
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
  /** Default subnets are those of the default VPC, one per zone. */
  readonly isDefault: boolean;
  readonly mapPublicIp: boolean;
}

interface RouteTarget {
  readonly gateway?: string;
  readonly natGateway?: string;
}

/** A route that somebody made; the one to the VPC itself (`local`) is always there. */
export interface Route extends RouteTarget {
  readonly destination: string;
}

/** The association with a subnet; the main one, without a subnet, is for all subnets that have none. */
interface Association {
  readonly id: string;
  readonly subnet?: string;
}

export interface RouteTable extends Base {
  readonly kind: "route-table";
  readonly vpc: string;
  readonly routes: readonly Route[];
  readonly associations: readonly Association[];
  readonly token?: ClientToken;
}

export interface InternetGateway extends Base {
  readonly kind: "internet-gateway";
  readonly vpc?: string;
}

export interface NatGateway extends Base {
  readonly kind: "natgateway";
  readonly vpc: string;
  readonly subnet: string;
  readonly connectivity: "public" | "private";
  readonly state: "available" | "deleted";
  readonly createdAt: number;
  readonly deletedAt?: number;
  readonly privateIp: string;
  /** Of a public one, and only while it is there. */
  readonly allocation?: string;
  readonly token?: ClientToken;
}

/** An Elastic IP address; what uses it knows of it, not the other way round. */
export interface Address extends Base {
  readonly kind: "elastic-ip";
  readonly publicIp: string;
}

export interface SecurityGroup extends Base {
  readonly kind: "security-group";
  readonly name: string;
  readonly description: string;
  readonly vpc: string;
}

/** Who is on the other side of a rule: just one of these. */
interface RulePeer {
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly group?: string;
}

/** What a rule lets through; two rules of a group never say the same. */
export interface RuleContent extends RulePeer {
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for everything, or a number. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

export interface SecurityGroupRule extends Base, RuleContent {
  readonly kind: "security-group-rule";
  readonly of: string;
  readonly description?: string;
}

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdAt: number;
  readonly description?: string;
  /** Parameters of a RunInstances request, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly token?: ClientToken;
}

export interface LaunchTemplate extends Base {
  readonly kind: "launch-template";
  readonly name: string;
  readonly createdAt: number;
  readonly defaultVersion: number;
  readonly versions: readonly LaunchTemplateVersion[];
  readonly token?: ClientToken;
}

export type NetworkEntity =
  | Vpc
  | Subnet
  | RouteTable
  | InternetGateway
  | NatGateway
  | Address
  | SecurityGroup
  | SecurityGroupRule
  | LaunchTemplate;

/** A network interface that another service has in the account's network. */
export interface ForeignInterface {
  readonly id: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly groups: readonly string[];
  readonly description: string;
}
