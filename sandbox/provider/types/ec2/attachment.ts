import { hash } from "node:crypto";
import {
  AttachVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilVolumeAvailable,
  waitUntilVolumeInUse,
} from "@aws-sdk/client-ec2";
import { WAIT } from "../../calls/wait.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { boolean, string } from "../../resource/schema.js";

const GONE = ["InvalidVolume.NotFound", "InvalidAttachment.NotFound", "IncorrectState"];

export const volumeAttachment = resource({
  token: "aws:ec2/volumeAttachment:VolumeAttachment",
  inputs: {
    deviceName: string({ required: true, replace: true }),
    forceDetach: boolean({ default: false }),
    instanceId: string({ required: true, replace: true }),
    skipDestroy: boolean({ default: false }),
    stopInstanceBeforeDetaching: boolean({ default: false }),
    volumeId: string({ required: true, replace: true }),
  },
  outputs: [],
  // A volume has one place at a time.
  deleteBeforeReplace: true,
  async create(context, { deviceName: Device, instanceId: InstanceId, volumeId: VolumeId }) {
    await context.client(EC2Client).send(new AttachVolumeCommand({ Device, InstanceId, VolumeId }));
    const digest = hash("sha256", `${Device}-${InstanceId}-${VolumeId}-`, "buffer");
    return `vai-${digest.readUInt32BE(0)}`;
  },
  async settle(context, _id, { volumeId }) {
    await waitUntilVolumeInUse({ client: context.client(EC2Client), ...WAIT }, { VolumeIds: [volumeId] });
  },
  async read(context, _id, { volumeId, instanceId }) {
    if (volumeId === undefined) throw new Error("the sandbox cannot import aws:ec2/volumeAttachment:VolumeAttachment");
    const call = context.client(EC2Client).send(new DescribeVolumesCommand({ VolumeIds: [volumeId] }));
    const attachments = (await unlessGone(call, ...GONE))?.Volumes?.[0]?.Attachments ?? [];
    const seen = attachments.find(({ InstanceId, State }) => InstanceId === instanceId && State !== "detached");
    return seen && { deviceName: seen.Device, instanceId: seen.InstanceId, volumeId };
  },
  // What can change only says how it goes away.
  async update() {},
  async remove(context, _id, state) {
    if (state.skipDestroy) return;
    const client = context.client(EC2Client);
    const { deviceName: Device, instanceId: InstanceId, volumeId: VolumeId, forceDetach: Force } = state;
    const stop = state.stopInstanceBeforeDetaching;
    const remove = async () => {
      if (stop) {
        await client.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
        await waitUntilInstanceStopped({ client, ...WAIT }, { InstanceIds: [InstanceId] });
      }
      await client.send(new DetachVolumeCommand({ Device, InstanceId, VolumeId, Force }));
      await waitUntilVolumeAvailable({ client, ...WAIT }, { VolumeIds: [VolumeId] });
      if (stop) {
        await client.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
        await waitUntilInstanceRunning({ client, ...WAIT }, { InstanceIds: [InstanceId] });
      }
    };
    await unlessGone(remove(), ...GONE);
  },
});
