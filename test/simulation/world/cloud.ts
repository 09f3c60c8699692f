import { TAG } from "../../../core/names/tags.js";
import type { Dice } from "../dice.js";
import type { Engine } from "../engine.js";
import { DAY, MINUTE } from "../scenario.js";
import type { CopyRequest, SetRequest, Watcher } from "./calls.js";
import { refused, throttled, unreachable } from "./errors.js";
import { Keys } from "./keys.js";
import { COPIES_MAX, COPY_MS, CREATE_MS, PENDING_MAX, PENDING_PER_VOLUME_MAX } from "./limits.js";
import { Machines } from "./machines.js";
import { isLocked, markOf, type Run, type Snap, type Tags } from "./snap.js";
import type { Weather } from "./weather.js";

export interface Parts {
  readonly engine: Engine;
  readonly dice: Dice;
  readonly weather: Weather;
}

/** EC2 with AWS's limits, in every region: what really is. Errors are AWS's own. */
export class Cloud {
  readonly engine: Engine;
  readonly dice: Dice;
  readonly weather: Weather;
  readonly machines: Machines;
  readonly watchers: Watcher[] = [];
  readonly #regions = new Map<string, Map<string, Snap>>();
  readonly #ghosts = new Set<Snap>();
  readonly #keys = new Keys();
  #serial = 0;

  constructor({ engine, dice, weather }: Parts) {
    this.engine = engine;
    this.dice = dice;
    this.weather = weather;
    this.machines = new Machines(dice);
  }

  regions(): Iterable<string> {
    return this.#regions.keys();
  }

  /** The snapshots of a region that exist, by id. */
  in(region: string): ReadonlyMap<string, Snap> {
    return this.#region(region);
  }

  #region(region: string): Map<string, Snap> {
    const snaps = this.#regions.get(region) ?? new Map<string, Snap>();
    this.#regions.set(region, snaps);
    return snaps;
  }

  /** CreateSnapshots of a machine, or CreateSnapshot of a volume: all or none. */
  createSet(run: Run, region: string, { resource, excluded, tags }: SetRequest): readonly Snap[] {
    this.#reach(run, region, `create ${resource}`);
    const machine = this.machines.get(resource);
    if (machine?.spec.region !== region) throw refused("InvalidInstanceID.NotFound", `${resource} does not exist`);
    const disks = machine.disks.filter(({ id }, i) => !(i === 0 && excluded.boot) && !excluded.volumes.includes(id));
    const pending = [...this.#region(region).values()].filter(({ state, source }) => state === "pending" && !source);
    if (this.weather.atQuota(region)) throw refused("SnapshotLimitExceeded", "the account has all its snapshots");
    if (pending.length + disks.length > PENDING_MAX) throw refused("PendingSnapshotLimitExceeded", "100 are pending");
    for (const { id } of disks) {
      if (pending.filter(({ volume }) => volume === id).length >= PENDING_PER_VOLUME_MAX)
        throw refused("ConcurrentSnapshotLimitExceeded", `5 snapshots of ${id} are pending`);
    }
    const mark = markOf(tags);
    const make = (): readonly Snap[] => {
      const call = ++this.#serial;
      const made = disks.map(({ id, sizeGiB }) => {
        const key = this.#keys.next(region, `${mark.point} ${id}`);
        return this.#add({ region, key, volume: id, sizeGiB, call, tags, mark, takenAt: this.engine.now });
      });
      for (const snap of made) this.#run(snap, CREATE_MS, made);
      return made;
    };
    const snaps = make();
    this.#tell((watcher) => watcher.created(run, snaps));
    this.#again(region, mark.point, make);
    return snaps;
  }

  /** CopySnapshot into a region. */
  copy(run: Run, region: string, { from, snapshot, tags }: CopyRequest): Snap {
    this.#reach(run, region, `copy ${snapshot}`);
    if (!this.weather.reaches(run.stack.name, from)) throw unreachable(from);
    const source = this.#region(from).get(snapshot);
    if (source === undefined) throw refused("InvalidSnapshot.NotFound", `${snapshot} does not exist`);
    if (source.state !== "completed") throw refused("IncorrectState", `${snapshot} is ${source.state}`);
    if (this.copiesIn(region) >= COPIES_MAX) throw refused("ResourceLimitExceeded", "20 copies are in progress");
    const make = (): Snap => {
      const key = this.#keys.next(region, `${source.key} to ${region}`);
      const { volume, sizeGiB, call, takenAt } = source;
      const made = this.#add({ region, key, volume, sizeGiB, call, takenAt, tags, mark: markOf(tags), source });
      this.#run(made, COPY_MS, [made]);
      return made;
    };
    const snap = make();
    this.#tell((watcher) => watcher.copied(run, snap));
    this.#again(region, source.key, () => (this.copiesIn(region) < COPIES_MAX ? [make()] : []));
    return snap;
  }

  #again(region: string, what: string, make: () => readonly Snap[]): void {
    if (!this.weather.doubles(region, `${what} ${this.engine.now}`)) return;
    this.engine.at(this.engine.now + this.dice.span(2000, MINUTE, "double", what), () => {
      const snaps = make();
      if (snaps.length > 0) this.#tell((watcher) => watcher.doubled(snaps));
    });
  }

  /** Deleted snapshots that are still listed. */
  ghosts(region: string): readonly Snap[] {
    const now = this.engine.now;
    for (const snap of this.#ghosts) if ((snap.goneFrom ?? 0) <= now) this.#ghosts.delete(snap);
    return [...this.#ghosts].filter((snap) => snap.region === region);
  }

  /** EBS copies in progress into a region, whoever started them. */
  copiesIn(region: string): number {
    let copies = this.weather.crowd(region);
    for (const { state, source } of this.#region(region).values()) if (state === "pending" && source) copies += 1;
    return copies;
  }

  delete(run: Run | undefined, region: string, id: string): void {
    if (run !== undefined) this.#reach(run, region, `delete ${id}`);
    const now = this.engine.now;
    const snap = this.#region(region).get(id);
    if (snap === undefined) throw refused("InvalidSnapshot.NotFound", `${id} does not exist`);
    this.#tell((watcher) => watcher.deletes(run, snap));
    if (snap.images.size > 0)
      throw refused("InvalidSnapshot.InUse", `${id} is in use by ${[...snap.images].join(", ")}`);
    if (isLocked(snap, now)) throw refused("SnapshotLocked", `${id} is locked`);
    this.#region(region).delete(id);
    snap.deletedAt = now;
    snap.goneFrom = now + this.weather.lagMs(region, `gone ${snap.key}`);
    if (snap.goneFrom > now) this.#ghosts.add(snap);
    this.changed(snap);
  }

  /** LockSnapshot: of a pending one the days begin with its completion (EC2 API reference, LockedSnapshotsInfo). */
  lock(run: Run, region: string, id: string, days: number): void {
    this.#reach(run, region, `lock ${id}`);
    const snap = this.#region(region).get(id);
    if (snap === undefined) throw refused("InvalidSnapshot.NotFound", `${id} does not exist`);
    if (snap.state === "error") throw refused("IncorrectState", `${id} is in error`);
    snap.lockMs = days * DAY;
    if (snap.state === "completed") snap.lockedUntil = Math.max(snap.lockedUntil, this.engine.now + snap.lockMs);
    this.changed(snap);
  }

  /** A snapshot that is nobody's of ours. */
  addForeign(region: string, key: string, volume: string, tags: Tags, source?: Snap): Snap {
    const snap = this.#add({ ...this.#foreign(region, key, volume, tags), ...(source && { source }) });
    snap.state = "completed";
    return snap;
  }

  /** A snapshot that others make of a volume: it takes its time, and may fail, as any other. */
  addTheirs(region: string, key: string, volume: string, tags: Tags, fails: boolean): Snap {
    const snap = this.#add({ ...this.#foreign(region, key, volume, tags), theirs: true });
    this.#run(snap, CREATE_MS, [snap], fails);
    return snap;
  }

  #foreign(region: string, name: string, volume: string, tags: Tags) {
    const key = this.#keys.next(region, name);
    return { region, key, volume, sizeGiB: 8, call: ++this.#serial, tags, takenAt: this.engine.now };
  }

  /** CreateTags. */
  tag(run: Run, region: string, id: string, tags: Tags): void {
    this.#reach(run, region, `tag ${id}`);
    const snap = this.#region(region).get(id);
    if (snap === undefined) throw refused("InvalidSnapshot.NotFound", `${id} does not exist`);
    snap.tags = { ...snap.tags, ...tags };
    if (snap.mark === undefined && TAG.point in tags) {
      snap.mark = markOf(snap.tags);
      this.#tell((watcher) => watcher.takenIn(run, snap));
    }
    this.changed(snap);
  }

  changed(snap: Snap): void {
    this.#tell((watcher) => watcher.changed(snap));
  }

  event(snap: Snap, event: Parameters<Watcher["event"]>[1]): void {
    this.#tell((watcher) => watcher.event(snap.region, event, snap));
  }

  #reach(run: Run, region: string, what: string): void {
    if (!this.weather.reaches(run.stack.name, region)) throw unreachable(region);
    if (this.weather.throttles(region, `${what} ${this.engine.now}`)) throw throttled();
  }

  #add(
    of: Pick<
      Snap,
      "region" | "key" | "volume" | "sizeGiB" | "call" | "takenAt" | "tags" | "mark" | "source" | "theirs"
    >,
  ): Snap {
    const now = this.engine.now;
    const id = `snap-${(++this.#serial).toString(16).padStart(8, "0")}`;
    const seenFrom = now + this.weather.lagMs(of.region, `new ${of.key}`);
    const fresh = {
      startedAt: now,
      seenFrom,
      lockedUntil: 0,
      lockMs: 0,
      touchedAt: 0,
      tampered: false,
      misled: false,
    } as const;
    const snap: Snap = { ...of, ...fresh, id, state: "pending", images: new Set() };
    this.#region(of.region).set(id, snap);
    this.changed(snap);
    return snap;
  }

  #run(snap: Snap, [shortest, longest]: readonly [number, number], set: readonly Snap[], fails = false): void {
    const span = this.dice.span(shortest, longest, "duration", snap.key) * this.weather.slowness(snap.region);
    this.engine.at(this.engine.now + span, () => this.#finish(snap, set, fails));
  }

  /** In a region that is out nothing goes on; what was under way ends some time after it is back. */
  #finish(snap: Snap, set: readonly Snap[], fails: boolean): void {
    if (snap.deletedAt !== undefined) return;
    if (this.weather.isOut(snap.region) || (snap.source && this.weather.isOut(snap.source.region))) {
      this.engine.at(this.engine.now + 30 * MINUTE, () => this.#finish(snap, set, fails));
      return;
    }
    const lost = snap.source?.deletedAt !== undefined;
    const broken = fails || lost || this.weather.breaks(snap.region, snap.key);
    snap.state = broken ? "error" : "completed";
    snap.endedAt = this.engine.now;
    if (!broken && snap.lockMs > 0) snap.lockedUntil = snap.endedAt + snap.lockMs;
    if (broken) snap.cause = lost ? "the source snapshot was deleted" : "the key is not accessible";
    this.changed(snap);
    if (snap.source !== undefined) this.event(snap, "copySnapshot");
    else if (set.every(({ state }) => state !== "pending"))
      this.event(snap, set.length > 1 ? "createSnapshots" : "createSnapshot");
  }

  #tell(what: (watcher: Watcher) => void): void {
    for (const watcher of this.watchers) what(watcher);
  }
}
