import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DATA_DEVICES, userData } from "./user-data.js";

/** Who may connect to a tier, on one port. */
export interface Entrance {
  readonly port: number;
  /** Blocks of addresses, or a security group. */
  readonly from: readonly string[] | pulumi.Output<string>;
}

export interface TierArgs {
  /** What its resources are called on AWS: `<label>-1`, `<label>-2`, … the instances. */
  readonly label: string;
  readonly count: number;
  readonly ami: string;
  readonly instanceType: string;
  /** Size of the volume to boot from. @default the image's */
  readonly bootGiB?: number;
  /** Size of each data volume; at most as many as there are device names. */
  readonly volumesGiB: readonly number[];
  /** On instances and volumes, beside their name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: pulumi.Input<string>;
  /** The instances take turns. */
  readonly subnetIds: pulumi.Output<string[]>;
  readonly entrance: Entrance;
}

/** Where Amazon Linux boots from. */
const ROOT_DEVICE = "/dev/xvda";

/** Instances of one kind: a launch template, a security group, and the machines. */
export class Tier extends pulumi.ComponentResource {
  readonly instanceIds: readonly pulumi.Output<string>[];
  readonly securityGroupId: pulumi.Output<string>;
  readonly launchTemplateId: pulumi.Output<string>;

  constructor(name: string, args: TierArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ec2:Tier", name, {}, opts);
    const { label } = args;
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { name: label, description: `Instances ${label}`, vpcId: args.vpcId, tags: { Name: label } },
      { parent: this },
    );
    this.#rules(name, group.id, args.entrance);
    const template = this.#template(name, group.id, args);
    const version = template.latestVersion.apply(String);
    const numbers = Array.from({ length: args.count }, (_, index) => index);
    const machines = numbers.map((index) => {
      const tags = { ...args.tags, Name: `${label}-${index + 1}` };
      const subnetId = args.subnetIds.apply((ids) => ids[index % ids.length] ?? "");
      const launchTemplate = { id: template.id, version };
      const asked = { launchTemplate, subnetId, tags, volumeTags: tags };
      return new aws.ec2.Instance(`${name}-${index + 1}`, asked, { parent: this });
    });
    this.instanceIds = machines.map(({ id }) => id);
    this.securityGroupId = group.id;
    this.launchTemplateId = template.id;
    this.registerOutputs({
      instanceIds: this.instanceIds,
      securityGroupId: this.securityGroupId,
      launchTemplateId: this.launchTemplateId,
    });
  }

  /** In by the entrance only; out to anywhere, as for updates and AWS's own services. */
  #rules(name: string, securityGroupId: pulumi.Output<string>, { port, from }: Entrance): void {
    const options = { parent: this };
    const at = { securityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port };
    if (pulumi.Output.isInstance(from)) {
      const rule = { ...at, referencedSecurityGroupId: from };
      new aws.vpc.SecurityGroupIngressRule(`${name}-in`, rule, options);
    } else {
      for (const cidrIpv4 of from) {
        new aws.vpc.SecurityGroupIngressRule(`${name}-in-${cidrIpv4}`, { ...at, cidrIpv4 }, options);
      }
    }
    const out = { securityGroupId, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" };
    new aws.vpc.SecurityGroupEgressRule(`${name}-out`, out, options);
  }

  #template(name: string, group: pulumi.Output<string>, args: TierArgs): aws.ec2.LaunchTemplate {
    const { label, ami, instanceType, bootGiB, volumesGiB } = args;
    const devices = DATA_DEVICES.slice(0, volumesGiB.length);
    const data = devices.map((device, index) => mapping(`/dev/${device}`, volumesGiB[index]));
    const boot = bootGiB === undefined ? [] : [mapping(ROOT_DEVICE, bootGiB)];
    return new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        name: label,
        imageId: ami,
        instanceType,
        vpcSecurityGroupIds: [group],
        blockDeviceMappings: [...boot, ...data],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
        ...(devices.length > 0 ? { userData: Buffer.from(userData(devices)).toString("base64") } : {}),
        updateDefaultVersion: true,
        tags: { Name: label },
      },
      { parent: this },
    );
  }
}

/** Volumes go with their instance: this is for trying, what matters of it is in the recovery points. */
const mapping = (deviceName: string, volumeSize: number | undefined) => ({
  deviceName,
  ebs: { ...(volumeSize === undefined ? {} : { volumeSize }), volumeType: "gp3", deleteOnTermination: "true" },
});
