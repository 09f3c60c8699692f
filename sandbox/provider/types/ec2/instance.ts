import {
  type _InstanceType,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type VolumeType,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from "@aws-sdk/client-ec2";
import { fromTagList } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { set, string, tagged, type Values } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { setTags, tagSpecification } from "./common.js";
import { DISKS, mappings, storage, volumesOf } from "./instance-disks.js";
import { TEMPLATE, templateOf, toTemplate } from "./instance-template.js";

const INPUTS = {
  ami: string({ computed: true, replace: true }),
  availabilityZone: string({ computed: true, replace: true }),
  ...DISKS,
  instanceType: string({ computed: true }),
  launchTemplate: TEMPLATE,
  privateIp: string({ computed: true, replace: true }),
  subnetId: string({ computed: true, replace: true }),
  vpcSecurityGroupIds: set(string(), { computed: true }),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

/** As the official provider: what the launch template may say need not be said here. */
const amiAndType = ({ ami, instanceType, launchTemplate }: Props) => {
  const missing = ami === undefined ? "ami" : instanceType === undefined ? "instanceType" : undefined;
  if (launchTemplate !== undefined || missing === undefined) return undefined;
  return { property: missing, reason: `"${missing}" is required without a launchTemplate` };
};
const GONE = "InvalidInstanceID.NotFound";

async function describe(context: Context, id: string): Promise<Instance | undefined> {
  const call = context.client(EC2Client).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const found = (await unlessGone(call, GONE))?.Reservations?.[0]?.Instances?.[0];
  return found?.State?.Name === "terminated" || found?.State?.Name === "shutting-down" ? undefined : found;
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

async function changeGroups(context: Context, id: string, groups: readonly string[]): Promise<void> {
  const change = new ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [...groups] });
  await context.client(EC2Client).send(change);
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
  outputs: ["arn", "instanceState", "primaryNetworkInterfaceId", "privateDns", "publicDns", "publicIp"],
  validate: amiAndType,
  async create(context, inputs) {
    const client = context.client(EC2Client);
    const made = await client.send(
      new RunInstancesCommand({
        ImageId: inputs.ami,
        // EC2 judges it.
        InstanceType: inputs.instanceType as _InstanceType | undefined,
        LaunchTemplate: toTemplate(inputs.launchTemplate),
        MinCount: 1,
        MaxCount: 1,
        Placement: inputs.availabilityZone === undefined ? undefined : { AvailabilityZone: inputs.availabilityZone },
        BlockDeviceMappings: mappings(inputs),
        PrivateIpAddress: inputs.privateIp,
        SecurityGroupIds: inputs.vpcSecurityGroupIds && [...inputs.vpcSecurityGroupIds],
        SubnetId: inputs.subnetId,
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
      vpcSecurityGroupIds: (seen.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
      launchTemplate: await templateOf(context, seen, prior.launchTemplate),
      tagsAll: fromTagList(seen.Tags),
      ...storage(seen, await volumesOf(context, seen), prior),
    };
  },
  async update(context, id, next, prior, changed) {
    if (changed.has("instanceType") && next.instanceType) await changeType(context, id, next.instanceType);
    if (changed.has("vpcSecurityGroupIds")) await changeGroups(context, id, next.vpcSecurityGroupIds ?? []);
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
