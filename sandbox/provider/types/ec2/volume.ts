import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  EC2Client,
  ModifyVolumeCommand,
  type VolumeType,
  waitUntilVolumeAvailable,
  waitUntilVolumeDeleted,
} from "@aws-sdk/client-ec2";
import { fromTagList } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { boolean, number, string, tagged } from "../../resource/schema.js";
import type { Props } from "../../wire.js";
import { setTags, tagSpecification } from "./common.js";

const GONE = "InvalidVolume.NotFound";

const sizeOrSnapshot = ({ size, snapshotId }: Props) =>
  size === undefined && snapshotId === undefined
    ? { property: "size", reason: "one of size, snapshotId must be given" }
    : undefined;

export const volume = resource({
  token: "aws:ebs/volume:Volume",
  inputs: {
    availabilityZone: string({ required: true, replace: true }),
    encrypted: boolean({ computed: true, replace: true }),
    finalSnapshot: boolean({ default: false }),
    iops: number({ computed: true }),
    kmsKeyId: string({ computed: true, replace: true }),
    size: number({ computed: true }),
    snapshotId: string({ computed: true, replace: true }),
    throughput: number({ computed: true }),
    type: string({ computed: true }),
    ...tagged,
  },
  outputs: ["arn", "createTime"],
  validate: sizeOrSnapshot,
  async create(context, inputs) {
    const client = context.client(EC2Client);
    const { VolumeId } = await client.send(
      new CreateVolumeCommand({
        AvailabilityZone: inputs.availabilityZone,
        Encrypted: inputs.encrypted,
        Iops: inputs.iops,
        KmsKeyId: inputs.kmsKeyId,
        Size: inputs.size,
        SnapshotId: inputs.snapshotId,
        Throughput: inputs.throughput,
        // EC2 judges it.
        VolumeType: inputs.type as VolumeType | undefined,
        TagSpecifications: tagSpecification("volume", inputs.tagsAll),
      }),
    );
    if (!VolumeId) throw new Error("CreateVolume gave no id");
    return VolumeId;
  },
  async settle(context, id) {
    await waitUntilVolumeAvailable({ client: context.client(EC2Client), ...WAIT }, { VolumeIds: [id] });
  },
  async read(context, id) {
    const call = context.client(EC2Client).send(new DescribeVolumesCommand({ VolumeIds: [id] }));
    const seen = (await unlessGone(call, GONE))?.Volumes?.[0];
    if (!seen || seen.State === "deleting" || seen.State === "deleted") return undefined;
    return {
      arn: `arn:${context.partition}:ec2:${context.region}:${context.account}:volume/${id}`,
      availabilityZone: seen.AvailabilityZone,
      createTime: seen.CreateTime?.toISOString(),
      encrypted: seen.Encrypted,
      iops: seen.Iops,
      kmsKeyId: seen.KmsKeyId,
      size: seen.Size,
      snapshotId: seen.SnapshotId,
      throughput: seen.Throughput,
      type: seen.VolumeType,
      tagsAll: fromTagList(seen.Tags),
    };
  },
  async update(context, id, next, prior, changed) {
    if (["size", "type", "iops", "throughput"].some((property) => changed.has(property))) {
      await context.client(EC2Client).send(
        new ModifyVolumeCommand({
          VolumeId: id,
          Size: changed.has("size") ? next.size : undefined,
          // EC2 judges it.
          VolumeType: changed.has("type") ? (next.type as VolumeType | undefined) : undefined,
          Iops: changed.has("iops") ? next.iops : undefined,
          Throughput: changed.has("throughput") ? next.throughput : undefined,
        }),
      );
    }
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id, { finalSnapshot, tagsAll }) {
    const client = context.client(EC2Client);
    const remove = async () => {
      if (finalSnapshot) {
        const TagSpecifications = tagSpecification("snapshot", tagsAll);
        await client.send(new CreateSnapshotCommand({ VolumeId: id, TagSpecifications }));
      }
      await client.send(new DeleteVolumeCommand({ VolumeId: id }));
      await waitUntilVolumeDeleted({ client, ...WAIT }, { VolumeIds: [id] });
    };
    await unlessGone(remove(), GONE);
  },
});
