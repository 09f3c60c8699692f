import {
  type BlockDeviceMapping,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
  type Volume,
  type VolumeType,
} from "@aws-sdk/client-ec2";
import { fromTagList } from "../../calls/tags.js";
import type { Context } from "../../resource/resource.js";
import { boolean, map, number, object, set, string, type Values } from "../../resource/schema.js";

/** What a data volume and the root volume have in common. */
const DISK = {
  deleteOnTermination: boolean({ default: true }),
  encrypted: boolean({ computed: true, replace: true }),
  iops: number({ computed: true }),
  kmsKeyId: string({ computed: true, replace: true }),
  throughput: number({ computed: true }),
  volumeId: string({ computed: true }),
  volumeSize: number({ computed: true }),
  volumeType: string({ computed: true }),
};
/** Data volumes are set at launch and not changed later: every change makes a new instance. */
const DATA_DISK = {
  ...DISK,
  deviceName: string({ required: true }),
  snapshotId: string({ computed: true }),
};

/** What a program says of the disks of an instance. */
export const DISKS = {
  ebsBlockDevices: set(object(DATA_DISK), { computed: true, replace: true, key: "deviceName" }),
  rootBlockDevice: object({ ...DISK, deviceName: string({ computed: true }) }, { computed: true }),
  volumeTags: map(),
};
type Disks = Values<typeof DISKS>;
type Disk = Omit<Values<typeof DISK>, "volumeId"> & { readonly snapshotId?: string | undefined };

const mapping = (DeviceName: string, disk: Disk): BlockDeviceMapping => ({
  DeviceName,
  Ebs: {
    DeleteOnTermination: disk.deleteOnTermination,
    Encrypted: disk.encrypted,
    Iops: disk.iops,
    KmsKeyId: disk.kmsKeyId,
    SnapshotId: disk.snapshotId,
    Throughput: disk.throughput,
    VolumeSize: disk.volumeSize,
    // EC2 judges it.
    VolumeType: disk.volumeType as VolumeType | undefined,
  },
});

/** The device that an Amazon Linux image boots from; where the program names another, that one. */
const ROOT_DEVICE = "/dev/xvda";

export function mappings({ ebsBlockDevices, rootBlockDevice }: Disks): BlockDeviceMapping[] {
  const data = (ebsBlockDevices ?? []).map((disk) => mapping(disk.deviceName, disk));
  return rootBlockDevice ? [mapping(rootBlockDevice.deviceName ?? ROOT_DEVICE, rootBlockDevice), ...data] : data;
}

export async function volumesOf(context: Context, instance: Instance): Promise<Volume[]> {
  const VolumeIds = (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
  if (VolumeIds.length === 0) return [];
  return (await context.client(EC2Client).send(new DescribeVolumesCommand({ VolumeIds }))).Volumes ?? [];
}

function disks(instance: Instance, volumes: readonly Volume[]) {
  return (instance.BlockDeviceMappings ?? []).map(({ DeviceName: deviceName, Ebs }) => {
    const volume = volumes.find(({ VolumeId }) => VolumeId === Ebs?.VolumeId);
    return {
      deviceName,
      volumeId: Ebs?.VolumeId,
      deleteOnTermination: Ebs?.DeleteOnTermination ?? false,
      encrypted: volume?.Encrypted,
      iops: volume?.Iops,
      kmsKeyId: volume?.KmsKeyId,
      snapshotId: volume?.SnapshotId,
      throughput: volume?.Throughput,
      volumeSize: volume?.Size,
      volumeType: volume?.VolumeType,
    };
  });
}

/** What the program says of volumes: only its own devices, and only the tags of these. */
export function storage(instance: Instance, volumes: readonly Volume[], prior: Partial<Disks>) {
  const all = disks(instance, volumes);
  const root = all.find(({ deviceName }) => deviceName === instance.RootDeviceName);
  const known = prior.ebsBlockDevices?.map(({ deviceName }) => deviceName);
  const data = all.filter(
    ({ deviceName = "" }) => deviceName !== instance.RootDeviceName && (known?.includes(deviceName) ?? true),
  );
  const launched = new Set([root, ...data].map((disk) => disk?.volumeId));
  const tagged = volumes.filter(({ VolumeId }) => launched.has(VolumeId)).map(({ Tags }) => fromTagList(Tags));
  const expected = prior.volumeTags;
  const drifted = tagged.find((tags) => Object.entries(expected ?? {}).some(([key, value]) => tags[key] !== value));
  return {
    rootBlockDevice: root && { ...root, snapshotId: undefined },
    ...(known || data.length > 0 ? { ebsBlockDevices: data } : {}),
    ...(expected ? { volumeTags: drifted ?? expected } : {}),
  };
}
