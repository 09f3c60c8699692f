import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Volume,
} from "@aws-sdk/client-ec2";
import { type Ec2Harness, given } from "./harness.js";

export const AMI = "ami-0123456789abcdef0";

/** Launches instances in us-east-1 and looks at them and their volumes. */
export function machinesOf(ec2: Ec2Harness, east: EC2Client) {
  const run = (more: Partial<RunInstancesCommandInput> = {}) =>
    east.send(new RunInstancesCommand({ ImageId: AMI, MinCount: 1, MaxCount: 1, ...more }));
  return {
    run,
    launch: async (more: Partial<RunInstancesCommandInput> = {}): Promise<string> =>
      given((await run(more)).Instances?.[0]?.InstanceId),
    instance: async (id: string): Promise<Instance> => {
      const seen = await east.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return given(seen.Reservations?.[0]?.Instances?.[0]);
    },
    volumesOf: async (id: string): Promise<Volume[]> => {
      const Filters = [{ Name: "attachment.instance-id", Values: [id] }];
      return given((await east.send(new DescribeVolumesCommand({ Filters }))).Volumes);
    },
    /** A completed snapshot of an encrypted volume of 4 GiB. */
    encryptedSnapshot: async (): Promise<{ id: string; key: string }> => {
      const asked = { AvailabilityZone: "us-east-1a", Size: 4, Encrypted: true };
      const made = await east.send(new CreateVolumeCommand(asked));
      const taken = await east.send(new CreateSnapshotCommand({ VolumeId: made.VolumeId }));
      ec2.advance(1000);
      return { id: given(taken.SnapshotId), key: given(taken.KmsKeyId) };
    },
  };
}
