import type { Point } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import { heldByImages, lockedBy, snapshotRecord } from "../../../kinds/ebs/aws/describe.js";
import { pointsFromSnapshots, type SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { imagesOf, locksOf, snapshotOf } from "../../cloud/shown.js";
import { isLocked, type Tags } from "../../cloud/snap.js";
import { isListed, type Snap } from "../world/snap.js";

interface Group {
  readonly snaps: Set<Snap>;
  /** What was read last; undefined when something has changed since, or is about to be seen. */
  points: readonly Point[] | undefined;
  /** Until then that holds: a lock ends. */
  until: number;
}

/**
 * The snapshots of one region as Describe lists them, read by the real `pointsFromSnapshots`. Only what changed is read again:
 * snapshots of different points do not meet there.
 */
export class Listing {
  readonly #region: string;
  readonly #deployment: string;
  readonly #tagsOf: (tags: Tags) => Tags;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Snap, Group>();

  constructor(region: string, deployment: string, read: (tags: Tags) => Tags = (tags) => tags) {
    this.#region = region;
    this.#deployment = deployment;
    this.#tagsOf = read;
  }

  changed(snap: Snap): void {
    const id = this.#tagsOf(snap.tags)[TAG.point] ?? "";
    const group = this.#groups.get(id) ?? { snaps: new Set(), points: undefined, until: Number.POSITIVE_INFINITY };
    this.#groups.set(id, group);
    const before = this.#groupOf.get(snap);
    if (before !== undefined && before !== group) {
      before.snaps.delete(snap);
      before.points = undefined;
    }
    this.#groupOf.set(snap, group);
    group.snaps.add(snap);
    group.points = undefined;
  }

  points(now: number): Point[] {
    const all: Point[] = [];
    for (const [id, group] of this.#groups) {
      if (group.snaps.size === 0) this.#groups.delete(id);
      else all.push(...((now < group.until ? group.points : undefined) ?? this.#read(group, now)));
    }
    return all;
  }

  #read(group: Group, now: number): readonly Point[] {
    let isSettled = true;
    const listed: Snap[] = [];
    for (const snap of group.snaps) {
      if (isListed(snap, now)) listed.push(snap);
      if (snap.seenFrom > now || (snap.goneFrom ?? 0) > now) isSettled = false;
      else if (snap.goneFrom !== undefined) this.#forget(group, snap);
    }
    const { points } = pointsFromSnapshots(
      listed.map((snap) => recordOf(snap, this.#tagsOf(snap.tags))),
      {
        deployment: this.#deployment,
        region: this.#region,
      },
    );
    const images = imagesOf(listed);
    const held = images.length === 0 ? points : heldByImages(points, images);
    const locked = listed.filter((snap) => isLocked(snap, now));
    const all = lockedBy(held, locksOf(locked, now));
    // The lock of a pending one begins to run with its completion, which is a change.
    group.until = locked.reduce(
      (until, { lockedUntil, state }) => (state === "pending" ? until : Math.min(until, lockedUntil)),
      Number.POSITIVE_INFINITY,
    );
    if (isSettled) group.points = all;
    return all;
  }

  #forget(group: Group, snap: Snap): void {
    group.snaps.delete(snap);
    this.#groupOf.delete(snap);
  }
}

/** A snapshot as the real reading takes what Describe shows, with these tags. */
export const recordOf = (snap: Snap, tags: Tags): SnapshotRecord => ({ ...snapshotRecord(snapshotOf(snap)), tags });
