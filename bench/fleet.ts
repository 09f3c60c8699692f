import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { clientConfig } from "../automation/estate/client-config.js";

export interface Fleet {
  readonly region: string;
  /** Value of the tag Backup, by which they are selected. */
  readonly backup: string;
  readonly instances: number;
  /** Volumes of each, the boot volume counted. */
  readonly volumes: number;
}

/** Runs instances to be backed up. */
export async function runFleet(fleet: Fleet, variables: Readonly<Record<string, string>>): Promise<void> {
  const ec2 = new EC2Client(clientConfig(fleet.region, variables));
  const data = "fghijklmnop".slice(0, fleet.volumes - 1).split("");
  try {
    await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-0123456789abcdef0",
        InstanceType: "t4g.nano",
        MinCount: fleet.instances,
        MaxCount: fleet.instances,
        BlockDeviceMappings: data.map((letter) => ({
          DeviceName: `/dev/sd${letter}`,
          Ebs: { VolumeSize: 1, VolumeType: "gp3", DeleteOnTermination: true },
        })),
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Backup", Value: fleet.backup }] }],
      }),
    );
  } finally {
    ec2.destroy();
  }
}
