import { refused } from "./errors.js";
import type { CopyRequest } from "./requests.js";
import { type Fresh, isCopying, type Snap, type Tags } from "./snap.js";

/** What an artifact is made of. */
export interface Disk {
  readonly id: string;
  readonly sizeGiB: number;
  readonly boot: boolean;
  readonly tags: Tags;
}

/** The account that a service is asked in. */
export interface Account {
  readonly now: () => number;
  /** What a resource consists of, like the volumes of an instance; undefined if there is none of that name. */
  readonly disks: (region: string, resource: string) => readonly Disk[] | undefined;
  /** Copies in progress that nobody made here. */
  readonly otherCopies?: (region: string) => number;
  /** Whether it has all the artifacts that it may. */
  readonly isFull?: (region: string) => boolean;
  /** Up to which share others have filled what it may have. */
  readonly filled?: (region: string) => number;
}

/** What an artifact is made of. */
type Origin<S extends Snap> = Pick<
  Fresh<S>,
  "region" | "volume" | "sizeGiB" | "takenAt" | "call" | "tags" | "source" | "transfer" | "description" | "given"
> &
  Partial<Pick<Snap, "id" | "startedAt" | "state">>;

/** Makes of what is new what whoever builds on the model wants to have. */
export type Recording<S extends Snap> = (fresh: Fresh<S>) => S;

/** How one service differs from another in what it says. */
export interface Terms {
  /** What its ids begin with. */
  readonly prefix: string;
  /** Copies in progress into one region. */
  readonly copiesMax: number;
  /** Its code for something that is not there. */
  readonly notFound: string;
}

/**
 * The artifacts of one service in memory, in every region: what really is. It carries out at once and ends nothing by itself: when an
 * artifact ends, what is lost, late or throttled, is for whoever builds on it.
 */
export class Shelf<S extends Snap = Snap> {
  protected readonly account: Account;
  readonly #record: Recording<S>;
  readonly #terms: Terms;
  readonly #regions = new Map<string, Map<string, S>>();
  #serial = 0;

  constructor(account: Account, record: Recording<S>, terms: Terms) {
    this.account = account;
    this.#record = record;
    this.#terms = terms;
  }

  regions(): Iterable<string> {
    return this.#regions.keys();
  }

  /** The artifacts of a region that exist, by id. */
  in(region: string): ReadonlyMap<string, S> {
    return this.#region(region);
  }

  #region(region: string): Map<string, S> {
    const snaps = this.#regions.get(region) ?? new Map<string, S>();
    this.#regions.set(region, snaps);
    return snaps;
  }

  /** One of each disk, all of the same moment. */
  protected make(
    region: string,
    disks: readonly Disk[],
    { tags, copyTags = false, description }: { tags: Tags; copyTags?: boolean; description?: string | undefined },
  ): readonly S[] {
    const common = { region, takenAt: this.account.now(), call: ++this.#serial, ...(description && { description }) };
    return disks.map(({ id, sizeGiB, tags: own }) =>
      this.#add({ ...common, volume: id, sizeGiB, tags: copyTags ? { ...own, ...tags } : tags }),
    );
  }

  /** That a source is no more AWS itself may find out later: here the call fails. */
  copy(region: string, { from, snapshot, tags, description }: CopyRequest): S {
    const source = this.find(from, snapshot);
    const { copiesMax } = this.#terms;
    if (source.state !== "completed") throw refused("IncorrectState", `${snapshot} is ${source.state}`);
    if (this.copiesIn(region) >= copiesMax)
      throw refused("ResourceLimitExceeded", `${copiesMax} copies are in progress`);
    return this.#copyOf(region, source, tags, description);
  }

  #copyOf(region: string, source: S, tags: Tags, description?: string): S {
    const { volume, sizeGiB, call, takenAt } = source;
    const common = { region, volume, sizeGiB, call, takenAt, tags, ...(description && { description }) };
    return this.#add({ ...common, source, transfer: "standard" });
  }

  /** Copies in progress into a region, whoever started them. */
  copiesIn(region: string): number {
    let copies = this.account.otherCopies?.(region) ?? 0;
    for (const snap of this.#region(region).values()) if (isCopying(snap)) copies += 1;
    return copies;
  }

  /** The same call once more, whatever stands in its way: `made` is what it made, with the tags that it gave. */
  repeat(made: readonly S[], tags: Tags): readonly S[] {
    const now = this.account.now();
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
    if (snap === undefined) throw refused(this.#terms.notFound, `${id} does not exist`);
    return snap;
  }

  /** It is gone at once. */
  remove(region: string, id: string): S {
    const snap = this.find(region, id);
    this.#region(region).delete(id);
    snap.deletedAt = this.account.now();
    return snap;
  }

  tag(region: string, id: string, tags: Tags): S {
    const snap = this.find(region, id);
    snap.tags = { ...snap.tags, ...tags };
    return snap;
  }

  /** What is there without a call of anybody here; `record` where it is not like the rest. */
  place(origin: Omit<Origin<S>, "takenAt" | "call">, record = this.#record): S {
    return this.#add({ ...origin, takenAt: this.account.now(), call: ++this.#serial }, record);
  }

  #add(origin: Origin<S>, record = this.#record): S {
    const id = origin.id ?? `${this.#terms.prefix}-${(++this.#serial).toString(16).padStart(8, "0")}`;
    const fresh = { startedAt: this.account.now(), state: "pending", lockedUntil: 0, lockMs: 0 } as const;
    const snap = record({ ...fresh, images: new Set(), ...origin, id });
    this.#region(snap.region).set(snap.id, snap);
    return snap;
  }

  /** It has all its data, or never will: with a cause it has failed, as a copy does whose source is gone. */
  end(snap: S, failure?: string): void {
    const isLost = snap.source?.deletedAt !== undefined;
    const cause = isLost ? "what it was copied from was deleted" : failure;
    snap.endedAt = this.account.now();
    snap.state = cause === undefined ? "completed" : "error";
    if (cause !== undefined) snap.cause = cause;
    else if (snap.lockMs > 0) snap.lockedUntil = snap.endedAt + snap.lockMs;
  }
}
