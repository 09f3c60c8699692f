import type {
  Volume as Ec2Volume,
  Image,
  Instance,
  LockedSnapshotsInfo,
  Snapshot,
  Tag,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import type { Artifact, Member, Point, Resource } from "../../../core/model/model.js";
import type { Locked, MemberDetail, ResourceDetail } from "../details.js";
import { withLock } from "../locks.js";
import type { SnapshotRecord } from "../snapshots.js";

/** EC2's answers as plain data. What AWS always sends and did not is an error: the region then counts as unknown. */

export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`EC2 described ${what}`);
  return value;
}

const tagsOf = (tags: readonly Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

export function snapshotRecord(snapshot: Snapshot): SnapshotRecord {
  const id = must(snapshot.SnapshotId, "a snapshot without an id");
  return {
    snapshotId: id,
    volumeId: snapshot.VolumeId ?? "",
    state: must(snapshot.State, `${id} without a state`),
    startTime: must(snapshot.StartTime, `${id} without a start time`).getTime(),
    // "The progress of the snapshot, as a percentage" (EC2 API reference): "42%"; empty while it is being prepared.
    progress: Number.parseInt(snapshot.Progress || "0", 10),
    sizeGiB: must(snapshot.VolumeSize, `${id} without a size`),
    tags: tagsOf(snapshot.Tags),
    description: snapshot.Description,
    stateMessage: snapshot.StateMessage,
    transferType: snapshot.TransferType,
  };
}

interface Attached {
  readonly instance: string;
  readonly volume: Member;
  readonly device: string;
}

/** A volume as it is when nothing has it. */
function volumeOf(volume: Ec2Volume): Member {
  const id = must(volume.VolumeId, "a volume without an id");
  return {
    id,
    sizeGiB: must(volume.Size, `${id} without a size`),
    createdAt: must(volume.CreateTime, `${id} without a creation time`).getTime(),
    tags: tagsOf(volume.Tags),
  };
}

/** What an instance has, or is about to have; not what it is about to lose. */
const HELD: readonly unknown[] = ["attached", "attaching"];

function attachedTo(ec2Volume: Ec2Volume): Attached[] {
  const volume = volumeOf(ec2Volume);
  const held = (ec2Volume.Attachments ?? []).filter((attachment) => HELD.includes(attachment.State));
  return held.map((attachment) => ({
    instance: must(attachment.InstanceId, `${volume.id} attached to nothing`),
    volume,
    device: must(attachment.Device, `${volume.id} without a device`),
  }));
}

/** Joins instances with the volumes attached to them, in the order of their devices. */
export function resourcesOf(instances: readonly Instance[], volumes: readonly Ec2Volume[], region: string): Resource[] {
  const attached = Map.groupBy(volumes.flatMap(attachedTo), (entry) => entry.instance);
  return instances.map((instance): Resource => {
    const id = must(instance.InstanceId, "an instance without an id");
    const tags = tagsOf(instance.Tags);
    const volumes = (attached.get(id) ?? [])
      .toSorted((a, b) => (a.device < b.device ? -1 : 1))
      .map(({ volume, device }): Member => {
        const detail: MemberDetail = { device, boot: device === instance.RootDeviceName };
        return { ...volume, detail };
      });
    // "Indicates whether this is a Spot Instance or a Scheduled Instance" (EC2 API reference, Instance, instanceLifecycle).
    const detail: ResourceDetail = { spot: true };
    const spot = instance.InstanceLifecycle === "spot" ? { detail } : {};
    return { id, kind: "instance", region, name: tags["Name"] || id, tags, members: volumes, ...spot };
  });
}

/** Each volume as a resource of its own; `instances` are joined already and know its device. */
export function volumeResources(
  volumes: readonly Ec2Volume[],
  instances: readonly Resource[],
  region: string,
): Resource[] {
  const attached = new Map(instances.flatMap((instance) => instance.members.map((volume) => [volume.id, volume])));
  return volumes.map((ec2Volume): Resource => {
    const free = volumeOf(ec2Volume);
    const volume = attached.get(free.id) ?? free;
    const { id, tags } = volume;
    return { id, kind: "volume", region, name: tags["Name"] || id, tags, members: [volume] };
  });
}

const withParts = (points: readonly Point[], change: (part: Artifact) => Artifact): Point[] =>
  points.map((point) => ({ ...point, artifacts: point.artifacts.map(change) }));

/** Marks the snapshots that are locked. */
export function lockedBy(points: readonly Point[], locks: readonly LockedSnapshotsInfo[]): readonly Point[] {
  if (locks.length === 0) return points;
  const byId = new Map(
    locks.map(({ SnapshotId, LockState, LockExpiresOn }): [string, Locked] => [
      must(SnapshotId, "a lock without a snapshot"),
      {
        mode: LockState === "governance" ? "governance" : "compliance",
        ...(LockExpiresOn === undefined ? {} : { until: LockExpiresOn.getTime() }),
      },
    ]),
  );
  return withParts(points, (part) => {
    const locked = byId.get(part.id);
    return locked === undefined ? part : withLock(part, locked);
  });
}

/** Points whose snapshots AMIs are made of are held by those: a point that AWS would take apart is not begun to be deleted. */
export function heldByImages(points: readonly Point[], images: readonly Image[]): Point[] {
  const users = new Map<string, string[]>();
  for (const image of images) {
    const id = must(image.ImageId, "an image without an id");
    for (const { Ebs } of image.BlockDeviceMappings ?? []) {
      if (Ebs?.SnapshotId !== undefined) users.set(Ebs.SnapshotId, [...(users.get(Ebs.SnapshotId) ?? []), id]);
    }
  }
  return withParts(points, (part) => {
    const uses = (users.get(part.id) ?? []).map((id) => `in use by ${id}`);
    return uses.length === 0 ? part : { ...part, holds: [...part.holds, ...uses] };
  });
}

/** The ids in the answer of a create call. */
export const idsOf = (snapshots: readonly { readonly SnapshotId?: string | undefined }[] | undefined): string[] =>
  (snapshots ?? []).map((snapshot) => must(snapshot.SnapshotId, "a new snapshot without an id"));

export const ec2Tags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Tags given in the create call itself: a snapshot is never without its owner. */
export const tagSpecifications = (tags: Readonly<Record<string, string>>): TagSpecification[] => [
  { ResourceType: "snapshot", Tags: ec2Tags(tags) },
];
