import { refused } from "./errors.js";
import { COPIES_MAX, PENDING_MAX, PENDING_PER_VOLUME_MAX } from "./limits.js";
import type { Changes, CopyRequest, LockRequest, SetRequest } from "./requests.js";
import { type Account, type Disk, type Recording, Shelf } from "./shelf.js";
import { isCopying, isLocked, type Snap, type Tags } from "./snap.js";

export type { Account, Disk } from "./shelf.js";

const DAY = 86_400_000;

/** The one EC2 in memory, as far as backups touch it, in every region: a shelf with AWS's limits and AWS's own errors. */
export class Ec2<S extends Snap = Snap> extends Shelf<S> {
  constructor(account: Account, record: Recording<S>) {
    super(account, record, { prefix: "snap", copiesMax: COPIES_MAX, notFound: "InvalidSnapshot.NotFound" });
  }

  /** What a client of a region can ask for. */
  at(region: string): Changes {
    return {
      createSnapshots: (request) => this.createSnapshots(region, request),
      copySnapshot: (request) => this.copySnapshot(region, request),
      deleteSnapshot: (id) => void this.deleteSnapshot(region, id),
      createTags: (id, tags) => void this.createTags(region, id, tags),
      lockSnapshot: (id, request) => void this.lockSnapshot(region, id, request),
    };
  }

  /** All or none. */
  createSnapshots(region: string, { resource, excluded, ...request }: SetRequest): readonly S[] {
    const all = this.account.disks(region, resource);
    if (all === undefined) throw missing(resource);
    const disks = all.filter(({ id, boot }) => !(boot && excluded?.boot) && !excluded?.volumes.includes(id));
    this.#checkLimits(region, disks);
    return this.make(region, disks, request);
  }

  #checkLimits(region: string, disks: readonly Disk[]): void {
    if (this.account.isFull?.(region)) throw refused("SnapshotLimitExceeded", "the account has all its snapshots");
    const pending = [...this.in(region).values()].filter((snap) => snap.state === "pending" && !isCopying(snap));
    if (pending.length + disks.length > PENDING_MAX) throw refused("PendingSnapshotLimitExceeded", "100 are pending");
    for (const { id } of disks) {
      if (pending.filter(({ volume }) => volume === id).length >= PENDING_PER_VOLUME_MAX)
        throw refused("ConcurrentSnapshotLimitExceeded", `5 snapshots of ${id} are pending`);
    }
  }

  copySnapshot(region: string, request: CopyRequest): S {
    return this.copy(region, request);
  }

  deleteSnapshot(region: string, id: string): S {
    const snap = this.find(region, id);
    if (snap.images.size > 0)
      throw refused("InvalidSnapshot.InUse", `${id} is in use by ${[...snap.images].join(", ")}`);
    if (isLocked(snap, this.account.now())) throw refused("SnapshotLocked", `${id} is locked`);
    return this.remove(region, id);
  }

  createTags(region: string, id: string, tags: Tags): S {
    return this.tag(region, id, tags);
  }

  /** Of a pending one the days begin with its completion (EC2 API reference, LockedSnapshotsInfo). */
  lockSnapshot(region: string, id: string, { days, mode }: LockRequest): S {
    const snap = this.find(region, id);
    if (snap.state === "error") throw refused("IncorrectState", `${id} is in error`);
    snap.lockMs = days * DAY;
    if (mode !== undefined) snap.lockMode = mode;
    if (snap.state === "completed") snap.lockedUntil = Math.max(snap.lockedUntil, this.account.now() + snap.lockMs);
    return snap;
  }
}

const missing = (resource: string): Error =>
  resource.startsWith("vol-")
    ? refused("InvalidVolume.NotFound", `${resource} does not exist`)
    : refused("InvalidInstanceID.NotFound", `${resource} does not exist`);
