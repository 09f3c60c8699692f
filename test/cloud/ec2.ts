import { refused } from "./errors.js";
import { COPIES_MAX, PENDING_MAX, PENDING_PER_VOLUME_MAX } from "./limits.js";
import type { Changes, CopyRequest, LockRequest, SetRequest } from "./requests.js";
import { type Fresh, isCopying, isLocked, type Snap, type Tags } from "./snap.js";

const DAY = 86_400_000;

/** A volume that snapshots are made of. */
export interface Disk {
  readonly id: string;
  readonly sizeGiB: number;
  readonly boot: boolean;
  readonly tags: Tags;
}

/** The account that EC2 is asked in. */
export interface Account {
  readonly now: () => number;
  /** The volumes of an instance, or a volume itself; undefined if there is none of that name. */
  readonly disks: (region: string, resource: string) => readonly Disk[] | undefined;
  /** Copies in progress that nobody made here. */
  readonly otherCopies?: (region: string) => number;
  /** Whether it has all the snapshots that it may. */
  readonly isFull?: (region: string) => boolean;
}

/** What a snapshot is made of. */
type Origin<S extends Snap> = Pick<
  Fresh<S>,
  "region" | "volume" | "sizeGiB" | "takenAt" | "call" | "tags" | "source" | "transfer" | "description" | "given"
> &
  Partial<Pick<Snap, "id" | "startedAt" | "state">>;

/** Makes of what is new what whoever builds on the model wants to have. */
type Record<S extends Snap> = (fresh: Fresh<S>) => S;

/**
 * The one EC2 in memory, as far as backups touch it, in every region: what really is, with AWS's limits and AWS's own errors. It carries
 * out at once and ends nothing by itself: when a snapshot ends, what is lost, late or throttled, is for whoever builds on it.
 */
export class Ec2<S extends Snap = Snap> {
  readonly #account: Account;
  readonly #record: Record<S>;
  readonly #regions = new Map<string, Map<string, S>>();
  #serial = 0;

  constructor(account: Account, record: Record<S>) {
    this.#account = account;
    this.#record = record;
  }

  regions(): Iterable<string> {
    return this.#regions.keys();
  }

  /** The snapshots of a region that exist, by id. */
  in(region: string): ReadonlyMap<string, S> {
    return this.#region(region);
  }

  #region(region: string): Map<string, S> {
    const snaps = this.#regions.get(region) ?? new Map<string, S>();
    this.#regions.set(region, snaps);
    return snaps;
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
    const all = this.#account.disks(region, resource);
    if (all === undefined) throw missing(resource);
    const disks = all.filter(({ id, boot }) => !(boot && excluded.boot) && !excluded.volumes.includes(id));
    this.#checkLimits(region, disks);
    const { tags, copyTags = false, description } = request;
    const common = { region, takenAt: this.#account.now(), call: ++this.#serial, ...(description && { description }) };
    return disks.map(({ id, sizeGiB, tags: own }) =>
      this.#add({ ...common, volume: id, sizeGiB, tags: copyTags ? { ...own, ...tags } : tags }),
    );
  }

  #checkLimits(region: string, disks: readonly Disk[]): void {
    if (this.#account.isFull?.(region)) throw refused("SnapshotLimitExceeded", "the account has all its snapshots");
    const pending = [...this.#region(region).values()].filter((snap) => snap.state === "pending" && !isCopying(snap));
    if (pending.length + disks.length > PENDING_MAX) throw refused("PendingSnapshotLimitExceeded", "100 are pending");
    for (const { id } of disks) {
      if (pending.filter(({ volume }) => volume === id).length >= PENDING_PER_VOLUME_MAX)
        throw refused("ConcurrentSnapshotLimitExceeded", `5 snapshots of ${id} are pending`);
    }
  }

  /** That a source is no more AWS itself may find out later: here the call fails. */
  copySnapshot(region: string, { from, snapshot, tags, description }: CopyRequest): S {
    const source = this.find(from, snapshot);
    if (source.state !== "completed") throw refused("IncorrectState", `${snapshot} is ${source.state}`);
    if (this.copiesIn(region) >= COPIES_MAX) throw refused("ResourceLimitExceeded", "20 copies are in progress");
    return this.#copyOf(region, source, tags, description);
  }

  #copyOf(region: string, source: S, tags: Tags, description?: string): S {
    const { volume, sizeGiB, call, takenAt } = source;
    const common = { region, volume, sizeGiB, call, takenAt, tags, ...(description && { description }) };
    return this.#add({ ...common, source, transfer: "standard" });
  }

  /** EBS copies in progress into a region, whoever started them. */
  copiesIn(region: string): number {
    let copies = this.#account.otherCopies?.(region) ?? 0;
    for (const snap of this.#region(region).values()) if (isCopying(snap)) copies += 1;
    return copies;
  }

  /** The same call once more, whatever stands in its way: `made` is what it made, with the tags that it gave. */
  repeat(made: readonly S[], tags: Tags): readonly S[] {
    const now = this.#account.now();
    const isCopy = made.every(({ source }) => source !== undefined);
    const call = isCopy ? 0 : ++this.#serial;
    return made.map(({ region, volume, sizeGiB, source }) =>
      source === undefined
        ? this.#add({ region, volume, sizeGiB, takenAt: now, call, tags })
        : // The source of what was made of a `Fresh<S>` is an S.
          this.#copyOf(region, source as S, tags),
    );
  }

  find(region: string, id: string): S {
    const snap = this.#region(region).get(id);
    if (snap === undefined) throw refused("InvalidSnapshot.NotFound", `${id} does not exist`);
    return snap;
  }

  deleteSnapshot(region: string, id: string): S {
    const snap = this.find(region, id);
    const now = this.#account.now();
    if (snap.images.size > 0)
      throw refused("InvalidSnapshot.InUse", `${id} is in use by ${[...snap.images].join(", ")}`);
    if (isLocked(snap, now)) throw refused("SnapshotLocked", `${id} is locked`);
    this.#region(region).delete(id);
    snap.deletedAt = now;
    return snap;
  }

  createTags(region: string, id: string, tags: Tags): S {
    const snap = this.find(region, id);
    snap.tags = { ...snap.tags, ...tags };
    return snap;
  }

  /** Of a pending one the days begin with its completion (EC2 API reference, LockedSnapshotsInfo). */
  lockSnapshot(region: string, id: string, { days, mode }: LockRequest): S {
    const snap = this.find(region, id);
    if (snap.state === "error") throw refused("IncorrectState", `${id} is in error`);
    snap.lockMs = days * DAY;
    if (mode !== undefined) snap.lockMode = mode;
    if (snap.state === "completed") snap.lockedUntil = Math.max(snap.lockedUntil, this.#account.now() + snap.lockMs);
    return snap;
  }

  /** What is there without a call of anybody here; `record` where it is not like the rest. */
  place(origin: Omit<Origin<S>, "takenAt" | "call">, record = this.#record): S {
    return this.#add({ ...origin, takenAt: this.#account.now(), call: ++this.#serial }, record);
  }

  #add(origin: Origin<S>, record = this.#record): S {
    const id = origin.id ?? `snap-${(++this.#serial).toString(16).padStart(8, "0")}`;
    const fresh = { startedAt: this.#account.now(), state: "pending", lockedUntil: 0, lockMs: 0 } as const;
    const snap = record({ ...fresh, images: new Set(), ...origin, id });
    this.#region(snap.region).set(snap.id, snap);
    return snap;
  }

  /** It has all its data, or never will: with a cause it has failed, as a copy does whose source is gone. */
  end(snap: S, failure?: string): void {
    const isLost = snap.source?.deletedAt !== undefined;
    const cause = isLost ? "the source snapshot was deleted" : failure;
    snap.endedAt = this.#account.now();
    snap.state = cause === undefined ? "completed" : "error";
    if (cause !== undefined) snap.cause = cause;
    else if (snap.lockMs > 0) snap.lockedUntil = snap.endedAt + snap.lockMs;
  }
}

const missing = (resource: string): Error =>
  resource.startsWith("vol-")
    ? refused("InvalidVolume.NotFound", `${resource} does not exist`)
    : refused("InvalidInstanceID.NotFound", `${resource} does not exist`);
