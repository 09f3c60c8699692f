import {
  type _InstanceType,
  type BlockDeviceMapping,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Volume,
  type VolumeType,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from "@aws-sdk/client-ec2";
import { type Context, resource, unlessGone } from "../resource.js";
import { boolean, map, number, object, set, string, tagged, type Values } from "../schema.js";
import { fromTagList } from "../tags.js";
import { WAIT } from "../wait.js";
import { setTags, tagSpecification } from "./ec2-common.js";

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

const INPUTS = {
  ami: string({ required: true, replace: true }),
  availabilityZone: string({ computed: true, replace: true }),
  ebsBlockDevices: set(object(DATA_DISK), { computed: true, replace: true, key: "deviceName" }),
  instanceType: string({ required: true }),
  rootBlockDevice: object({ ...DISK, deviceName: string({ computed: true }) }, { computed: true }),
  volumeTags: map(),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;
type Disk = Omit<Values<typeof DISK>, "volumeId"> & { readonly snapshotId?: string | undefined };

const GONE = "InvalidInstanceID.NotFound";

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

function mappings({ ebsBlockDevices, rootBlockDevice }: Inputs): BlockDeviceMapping[] {
  const data = (ebsBlockDevices ?? []).map((disk) => mapping(disk.deviceName, disk));
  return rootBlockDevice ? [mapping(rootBlockDevice.deviceName ?? ROOT_DEVICE, rootBlockDevice), ...data] : data;
}

async function describe(context: Context, id: string): Promise<Instance | undefined> {
  const call = context.client(EC2Client).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const found = (await unlessGone(call, GONE))?.Reservations?.[0]?.Instances?.[0];
  return found?.State?.Name === "terminated" || found?.State?.Name === "shutting-down" ? undefined : found;
}

async function volumesOf(context: Context, instance: Instance): Promise<Volume[]> {
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
function storage(instance: Instance, volumes: readonly Volume[], prior: Partial<Inputs>) {
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

async function changeType(context: Context, id: string, type: string): Promise<void> {
  const client = context.client(EC2Client);
  const InstanceIds = [id];
  await client.send(new StopInstancesCommand({ InstanceIds }));
  await waitUntilInstanceStopped({ client, ...WAIT }, { InstanceIds });
  await client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: type } }));
  await client.send(new StartInstancesCommand({ InstanceIds }));
  await waitUntilInstanceRunning({ client, ...WAIT }, { InstanceIds });
}

async function changeRoot(context: Context, next: Inputs, prior: Inputs): Promise<void> {
  const [disk, before] = [next.rootBlockDevice, prior.rootBlockDevice];
  if (!disk || !before?.volumeId) return;
  await context.client(EC2Client).send(
    new ModifyVolumeCommand({
      VolumeId: before.volumeId,
      Size: disk.volumeSize,
      // EC2 judges it.
      VolumeType: disk.volumeType as VolumeType | undefined,
      Iops: disk.iops,
      Throughput: disk.throughput,
    }),
  );
}

export const instance = resource({
  token: "aws:ec2/instance:Instance",
  inputs: INPUTS,
  outputs: [
    "arn",
    "instanceState",
    "primaryNetworkInterfaceId",
    "privateDns",
    "privateIp",
    "publicDns",
    "publicIp",
    "subnetId",
  ],
  async create(context, inputs) {
    const client = context.client(EC2Client);
    const made = await client.send(
      new RunInstancesCommand({
        ImageId: inputs.ami,
        // EC2 judges it.
        InstanceType: inputs.instanceType as _InstanceType,
        MinCount: 1,
        MaxCount: 1,
        Placement: inputs.availabilityZone === undefined ? undefined : { AvailabilityZone: inputs.availabilityZone },
        BlockDeviceMappings: mappings(inputs),
        TagSpecifications: [
          ...tagSpecification("instance", inputs.tagsAll),
          ...tagSpecification("volume", inputs.volumeTags ?? {}),
        ],
      }),
    );
    const id = made.Instances?.[0]?.InstanceId;
    if (!id) throw new Error("RunInstances gave no id");
    return id;
  },
  async settle(context, id) {
    await waitUntilInstanceRunning({ client: context.client(EC2Client), ...WAIT }, { InstanceIds: [id] });
  },
  async read(context, id, prior) {
    const seen = await describe(context, id);
    if (!seen) return undefined;
    return {
      arn: `arn:${context.partition}:ec2:${context.region}:${context.account}:instance/${id}`,
      ami: seen.ImageId,
      availabilityZone: seen.Placement?.AvailabilityZone,
      instanceState: seen.State?.Name,
      instanceType: seen.InstanceType,
      primaryNetworkInterfaceId: seen.NetworkInterfaces?.[0]?.NetworkInterfaceId,
      privateDns: seen.PrivateDnsName,
      privateIp: seen.PrivateIpAddress,
      publicDns: seen.PublicDnsName,
      publicIp: seen.PublicIpAddress,
      subnetId: seen.SubnetId,
      tagsAll: fromTagList(seen.Tags),
      ...storage(seen, await volumesOf(context, seen), prior),
    };
  },
  async update(context, id, next, prior, changed) {
    if (changed.has("instanceType")) await changeType(context, id, next.instanceType);
    if (changed.has("rootBlockDevice")) await changeRoot(context, next, prior);
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
    if (!changed.has("volumeTags")) return;
    const own = [prior.rootBlockDevice, ...(prior.ebsBlockDevices ?? [])].flatMap((disk) => disk?.volumeId ?? []);
    await setTags(context, own, next.volumeTags ?? {}, prior.volumeTags);
  },
  async remove(context, id) {
    const client = context.client(EC2Client);
    const remove = async () => {
      await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      await waitUntilInstanceTerminated({ client, ...WAIT }, { InstanceIds: [id] });
    };
    await unlessGone(remove(), GONE);
  },
});
