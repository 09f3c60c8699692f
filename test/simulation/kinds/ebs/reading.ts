import { heldByImages, lockedBy, snapshotRecord } from "../../../../kinds/ebs/aws/describe.js";
import { pointsFromSnapshots, type SnapshotRecord } from "../../../../kinds/ebs/snapshots.js";
import { imagesOf, locksOf, snapshotOf } from "../../../cloud/shown.js";
import { isLocked } from "../../../cloud/snap.js";
import type { Reading, Shown, Where } from "../kind.js";

/** A snapshot as the real reading takes what Describe shows, with these tags. */
export const recordOf = ({ snap, tags }: Shown): SnapshotRecord => ({ ...snapshotRecord(snapshotOf(snap)), tags });

/** What Describe lists, read by the real `pointsFromSnapshots`. */
export function read(shown: readonly Shown[], { deployment, region, now }: Where): Reading {
  const { points } = pointsFromSnapshots(shown.map(recordOf), { deployment, region });
  const listed = shown.map(({ snap }) => snap);
  const images = imagesOf(listed);
  const held = images.length === 0 ? points : heldByImages(points, images);
  const locked = listed.filter((snap) => isLocked(snap, now));
  // The lock of a pending one begins to run with its completion, which is a change.
  const until = locked.reduce(
    (earliest, { lockedUntil, state }) => (state === "pending" ? earliest : Math.min(earliest, lockedUntil)),
    Number.POSITIVE_INFINITY,
  );
  return { points: lockedBy(held, locksOf(locked, now)), until };
}
