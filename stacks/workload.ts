import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What a workload stack makes. */
export interface WorkloadSettings {
  /** How many instances. @default 2 */
  readonly instances: number;
  /** Image of the instances. */
  readonly ami: string;
  /** @default t4g.nano */
  readonly instanceType: string;
  /** Size of each data volume. @default 1 */
  readonly volumeGiB: number;
  /** On instances and volumes, beside their names; a policy selects by them. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface WorkloadArgs extends WorkloadSettings {
  readonly deployment: string;
  readonly region: string;
}

/** What a workload stack says of itself. */
export interface WorkloadOutputs {
  readonly role: "workload";
  readonly region: string;
  readonly deployment: string;
  readonly instanceIds: readonly pulumi.Output<string>[];
}

/** The data devices; Nitro instances show them under other names (EC2 user guide, "Device names"). */
const DEVICES = ["/dev/sdf", "/dev/sdg"];

/** A test environment worth protecting: instances with a boot volume and two data volumes each. */
export class Workload extends pulumi.ComponentResource {
  readonly result: WorkloadOutputs;

  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:stacks:Workload", name, {}, opts);
    const { deployment, region } = args;
    const numbers = Array.from({ length: args.instances }, (_, i) => i + 1);
    const machines = numbers.map((number) =>
      this.#instance(`${name}-${number}`, `${deployment}-${name}-${number}`, args),
    );
    this.result = { role: "workload", region, deployment, instanceIds: machines.map(({ id }) => id) };
    this.registerOutputs({ ...this.result });
  }

  #instance(name: string, label: string, args: WorkloadArgs): aws.ec2.Instance {
    const tags = { ...args.tags, Name: label };
    return new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: args.ami,
        instanceType: args.instanceType,
        ebsBlockDevices: DEVICES.map((deviceName) => ({
          deviceName,
          volumeSize: args.volumeGiB,
          volumeType: "gp3",
          deleteOnTermination: true,
        })),
        tags,
        volumeTags: tags,
      },
      { parent: this },
    );
  }
}
