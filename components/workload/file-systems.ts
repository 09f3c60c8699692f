import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FileSystemsArgs {
  /** What its resources are called on AWS: `<label>-1`, `<label>-2`, … the file systems. */
  readonly label: string;
  readonly count: number;
  readonly storageGiB: number;
  readonly throughputMBps: number;
  /** On the file systems, beside their name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: pulumi.Input<string>;
  /** The file systems take turns. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** The security group whose instances may mount them. */
  readonly clients: pulumi.Output<string>;
}

/** NFS version 4 needs no other (FSx for OpenZFS user guide, "File system access control with Amazon VPC"). */
const NFS = 2049;

/** FSx for OpenZFS file systems of one server each, and a security group. */
export class FileSystems extends pulumi.ComponentResource {
  readonly fileSystemIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: FileSystemsArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:fsx:FileSystems", name, {}, opts);
    const { label } = args;
    const options = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { name: label, description: `File systems ${label}`, vpcId: args.vpcId, tags: { Name: label } },
      options,
    );
    const nfs = { ipProtocol: "tcp", fromPort: NFS, toPort: NFS, referencedSecurityGroupId: args.clients };
    new aws.vpc.SecurityGroupIngressRule(`${name}-in`, { ...nfs, securityGroupId: group.id }, options);
    const numbers = Array.from({ length: args.count }, (_, index) => index);
    const made = numbers.map((index) => {
      const subnetId = args.subnetIds.apply((ids) => ids[index % ids.length] ?? "");
      const asked = {
        deploymentType: "SINGLE_AZ_1",
        storageCapacity: args.storageGiB,
        throughputCapacity: args.throughputMBps,
        subnetIds: [subnetId],
        securityGroupIds: [group.id],
        // They go with the environment: this is for trying, what matters of it is in the recovery points.
        automaticBackupRetentionDays: 0,
        skipFinalBackup: true,
        tags: { ...args.tags, Name: `${label}-${index + 1}` },
      };
      return new aws.fsx.OpenZfsFileSystem(`${name}-${index + 1}`, asked, options);
    });
    this.fileSystemIds = made.map(({ id }) => id);
    this.registerOutputs({ fileSystemIds: this.fileSystemIds });
  }
}
