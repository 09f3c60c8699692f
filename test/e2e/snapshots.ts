import {
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import { clientConfig } from "../../automation/estate/client-config.js";
import { type Harness, PRIMARY } from "./harness.js";

type Tags = Readonly<Record<string, string>>;

export const asTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export interface Seen {
  readonly id: string;
  readonly volume: string;
  readonly state: string;
  readonly tags: Tags;
}

interface Launched {
  /** Who launches it, as `autoscaling.amazonaws.com`. */
  readonly by?: string;
  /** Of its disk with data. */
  readonly kmsKey?: string;
}

/** An instance in the home region with a disk to boot from and one with data. */
export async function launch(t: Harness, tags: Tags, { by = "harness", kmsKey }: Launched = {}) {
  const Ebs = { VolumeSize: 1, ...(kmsKey === undefined ? {} : { Encrypted: true, KmsKeyId: kmsKey }) };
  const ec2 = new EC2Client(clientConfig(PRIMARY, { ...t.variables, AWS_ACCESS_KEY_ID: by }));
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      MinCount: 1,
      MaxCount: 1,
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs }],
      TagSpecifications: [{ ResourceType: "instance", Tags: asTags(tags) }],
    }),
  );
  const id = Instances[0]?.InstanceId ?? "";
  const Filters = [{ Name: "attachment.instance-id", Values: [id] }];
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  const disks = Volumes.map(({ VolumeId, Attachments }) => `${VolumeId} ${Attachments?.[0]?.Device}`);
  return { id, disks: disks.toSorted() };
}

/** Snapshots of the account in a region that have such a tag, the oldest first. */
export async function snapshotsWith(t: Harness, region: string, key: string, value: string): Promise<Seen[]> {
  const Filters = [{ Name: `tag:${key}`, Values: [value] }];
  const { Snapshots = [] } = await t.client(EC2Client, region).send(new DescribeSnapshotsCommand({ Filters }));
  return Snapshots.toSorted((a, b) => Number(a.StartTime) - Number(b.StartTime)).map((one) => ({
    id: one.SnapshotId ?? "",
    volume: one.VolumeId ?? "",
    state: one.State ?? "",
    tags: Object.fromEntries((one.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
  }));
}
