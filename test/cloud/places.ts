import {
  CreateTagsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { given, startEc2 } from "../sandbox/ec2/harness.js";
import { Account } from "./account.js";
import { ec2Tags } from "./shown.js";

export const EAST = "us-east-1";
const WEST = "us-west-2";
const TOOK_MS = 1000;

/** An account with an instance of two volumes, the second one tagged. */
export interface Place {
  readonly east: EC2Client;
  readonly west: EC2Client;
  readonly instance: string;
  readonly root: string;
  readonly data: string;
  /** What is pending ends. */
  complete(): void;
  /** A snapshot ends in error. */
  fail(snapshot: string): void;
  /** Somebody makes an AMI of a snapshot. */
  image(snapshot: string): Promise<unknown>;
  stop(): Promise<void>;
}

const TAGS = { App: "db", Name: "data" };

/** The model. */
export async function inMemory(): Promise<Place> {
  const volume = (VolumeId: string, Device: string, tags = {}) => ({
    ...{ VolumeId, Size: 1, Tags: ec2Tags(tags) },
    Attachments: [{ InstanceId: "i-1", Device, State: "attached" }],
  });
  const instances = [{ InstanceId: "i-1", RootDeviceName: "/dev/sda1" }];
  const volumes = [volume("vol-a", "/dev/sda1"), volume("vol-b", "/dev/sdf", TAGS)];
  const account = new Account({ [EAST]: { instances, volumes } });
  account.isQuick = false;
  return {
    ...{ east: account.ec2(EAST), west: account.ec2(WEST), instance: "i-1", root: "vol-a", data: "vol-b" },
    complete: () => {
      for (const region of [EAST, WEST]) account.endAll(region);
    },
    fail: (id) => account.model.end(account.model.find(EAST, id), "broken"),
    image: async (id) => account.model.find(EAST, id).images.add("ami-1"),
    stop: async () => undefined,
  };
}

/** The sandbox, which speaks the wire. */
export async function inSandbox(): Promise<Place> {
  const ec2 = await startEc2({ snapshotMillis: TOOK_MS, copyMillis: TOOK_MS });
  const [east, west] = [ec2.client(EAST), ec2.client(WEST)];
  const BlockDeviceMappings = [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 1 } }];
  const image = { ImageId: "ami-0123456789abcdef0", MinCount: 1, MaxCount: 1 };
  const made = await east.send(new RunInstancesCommand({ ...image, BlockDeviceMappings }));
  const instance = given(made.Instances?.[0]?.InstanceId);
  ec2.advance(60_000);
  const { Volumes = [] } = await east.send(new DescribeVolumesCommand({}));
  const at = (device: string): string =>
    given(Volumes.find(({ Attachments: [one] = [] }) => one?.Device === device)?.VolumeId);
  const data = at("/dev/sdf");
  const root = given(Volumes.find(({ VolumeId }) => VolumeId !== data)?.VolumeId);
  await east.send(new CreateTagsCommand({ Resources: [data], Tags: ec2Tags(TAGS) }));
  return {
    ...{ east, west, instance, root, data },
    complete: () => ec2.advance(TOOK_MS),
    fail: (id) => ec2.plane.failSnapshot(EAST, id, "broken"),
    image: (id) =>
      east.send(
        new RegisterImageCommand({
          ...{ Name: "of-it", RootDeviceName: "/dev/sda1" },
          BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { SnapshotId: id } }],
        }),
      ),
    stop: () => ec2.stop(),
  };
}
