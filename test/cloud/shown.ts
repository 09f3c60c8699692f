import type { BlockDeviceMapping, Image, LockedSnapshotsInfo, Snapshot, Tag } from "@aws-sdk/client-ec2";
import { isLocked, type Snap, type Tags } from "./snap.js";

export const ec2Tags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const plainTags = (tags: readonly Tag[] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

/** AWS gives copies an arbitrary volume id (EC2 API reference, CopySnapshot). */
const ARBITRARY_VOLUME = "vol-ffffffff";

/** What was shown last, while nothing of it has changed: lists are asked for far more often. */
const shown = new WeakMap<Snap, { readonly state: Snap["state"]; readonly tags: Tags; readonly as: Snapshot }>();

/** A snapshot as Describe shows it. */
export function snapshotOf(snap: Snap): Snapshot {
  const { state, tags } = snap;
  const known = shown.get(snap);
  if (known?.state === state && known.tags === tags) return known.as;
  const as: Snapshot = {
    ...fixedOf(snap),
    State: state,
    Progress: state === "pending" ? "50%" : "100%",
    Tags: ec2Tags(tags),
    ...(snap.cause !== undefined && { StateMessage: snap.cause }),
  };
  shown.set(snap, { state, tags, as });
  return as;
}

/** What never changes. */
const fixedOf = ({ id, volume, sizeGiB, startedAt, transfer, description, given }: Snap): Snapshot => ({
  SnapshotId: id,
  VolumeId: transfer === undefined ? volume : ARBITRARY_VOLUME,
  StartTime: new Date(startedAt),
  VolumeSize: sizeGiB,
  ...(description !== undefined && { Description: description }),
  ...(transfer !== undefined && { TransferType: transfer }),
  ...given,
});

/** The locks that hold, as DescribeLockedSnapshots shows them. */
export const locksOf = (snaps: Iterable<Snap>, now: number): LockedSnapshotsInfo[] =>
  [...snaps].flatMap((snap): LockedSnapshotsInfo[] => {
    if (!isLocked(snap, now)) return [];
    // A lock without a mode is a person's of the simulator; the planner makes no difference.
    const lock = { SnapshotId: snap.id, LockState: snap.lockMode ?? "governance" };
    return [snap.state === "pending" ? lock : { ...lock, LockExpiresOn: new Date(snap.lockedUntil) }];
  });

/** The AMIs that use snapshots. */
export function imagesOf(snaps: Iterable<Snap>): Image[] {
  const images = new Map<string, BlockDeviceMapping[]>();
  for (const snap of snaps) {
    for (const image of snap.images)
      images.set(image, [...(images.get(image) ?? []), { Ebs: { SnapshotId: snap.id } }]);
  }
  return [...images].map(([ImageId, BlockDeviceMappings]) => ({ ImageId, BlockDeviceMappings }));
}
