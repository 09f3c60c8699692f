import { TAG } from "../../../core/names/tags.js";
import { throttled, unreachable } from "../../cloud/errors.js";
import type { Changes, CopyRequest, LockRequest, SetRequest } from "../../cloud/requests.js";
import type { Fresh, Tags } from "../../cloud/snap.js";
import type { Dice } from "../dice.js";
import type { Engine } from "../engine.js";
import type { KindWorld, Service } from "../kinds/kind.js";
import { MINUTE } from "../scenario.js";
import type { Refusal, Watcher } from "./calls.js";
import { Keys } from "./keys.js";
import { disksOf, Machines } from "./machines.js";
import { markOf, type Run, type Snap } from "./snap.js";
import type { Weather } from "./weather.js";

export interface Parts {
  readonly engine: Engine;
  readonly dice: Dice;
  readonly weather: Weather;
  readonly kind: KindWorld;
}

/** A kind's service in the weather: calls that do not get there, what takes its time, breaks, is doubled or is seen late. Everybody is told. */
export class Cloud {
  readonly engine: Engine;
  readonly dice: Dice;
  readonly weather: Weather;
  readonly kind: KindWorld;
  readonly machines: Machines;
  readonly watchers: Watcher[] = [];
  readonly #service: Service;
  readonly #ghosts = new Set<Snap>();
  readonly #keys = new Keys();

  constructor({ engine, dice, weather, kind }: Parts) {
    this.engine = engine;
    this.dice = dice;
    this.weather = weather;
    this.kind = kind;
    this.machines = new Machines(dice, kind.partOf);
    const account = {
      now: () => engine.now,
      disks: (region: string, resource: string) => disksOf(this.machines.get(resource), region),
      otherCopies: (region: string) => weather.crowd(region),
      isFull: (region: string) => weather.atQuota(region),
      filled: (region: string) => weather.filled(region, engine.now),
    };
    this.#service = kind.service(account, (fresh) => this.#ours(fresh));
  }

  regions(): Iterable<string> {
    return this.#service.regions();
  }

  /** The snapshots of a region that exist, by id. */
  in(region: string): ReadonlyMap<string, Snap> {
    return this.#service.in(region);
  }

  /** EBS copies in progress into a region, whoever started them. */
  copiesIn(region: string): number {
    return this.#service.copiesIn(region);
  }

  /** What a run can ask a region's EC2 for. */
  at(run: Run, region: string): Changes {
    return {
      createSnapshots: (request) => this.create(run, region, request),
      copySnapshot: (request) => this.copy(run, region, request),
      deleteSnapshot: (id) => this.delete(run, region, id),
      createTags: (id, tags) => this.tag(run, region, id, tags),
      lockSnapshot: (id, request) => this.lock(run, region, id, request),
    };
  }

  create(run: Run, region: string, request: SetRequest): readonly Snap[] {
    this.#reach(run, region, `create ${request.resource}`);
    const begin = (made: readonly Snap[]): readonly Snap[] => {
      for (const snap of made) this.#begin(snap, this.kind.pace.createMs, made);
      return made;
    };
    const before = this.in(region).size;
    const made = this.#heard(run, { region, resource: request.resource }, () => this.#service.create(region, request));
    // What a token made before is there already.
    if (this.in(region).size === before) return made;
    const snaps = begin(made);
    this.#tell((watcher) => watcher.created(run, snaps));
    this.#again(region, request.tags[TAG.point] ?? "", () => begin(this.#service.repeat(snaps, request.tags)));
    return snaps;
  }

  copy(run: Run, region: string, request: CopyRequest): Snap {
    const { from, snapshot, tags } = request;
    this.#reach(run, region, `copy ${snapshot}`);
    if (!this.weather.reaches(run.stack.name, from)) throw unreachable(from);
    const begin = (made: readonly Snap[]): readonly Snap[] => {
      for (const snap of made) this.#begin(snap, this.kind.pace.copyMs, [snap]);
      return made;
    };
    const before = this.in(region).size;
    const resource = this.in(from).get(snapshot)?.mark?.resource ?? "";
    const snap = this.#heard(run, { region, resource }, () => this.#service.copy(region, request));
    if (this.in(region).size === before) return snap;
    begin([snap]);
    this.#tell((watcher) => watcher.copied(run, snap));
    this.#again(region, snap.source?.key ?? "", () =>
      this.copiesIn(region) < this.kind.rules.limits.copySlots ? begin(this.#service.repeat([snap], tags)) : [],
    );
    return snap;
  }

  #heard<T>(run: Run, of: Omit<Refusal, "error">, make: () => T): T {
    try {
      return make();
    } catch (error) {
      this.#tell((watcher) => watcher.refused?.(run, { ...of, error }));
      throw error;
    }
  }

  #again(region: string, what: string, make: () => readonly Snap[]): void {
    if (!this.weather.doubles(region, `${what} ${this.engine.now}`)) return;
    this.engine.at(this.engine.now + this.dice.span(2000, MINUTE, "double", what), () => {
      const snaps = make();
      if (snaps.length > 0) this.#tell((watcher) => watcher.doubled(snaps));
    });
  }

  /** Deleted artifacts that are still listed. */
  ghosts(region: string): readonly Snap[] {
    const now = this.engine.now;
    for (const snap of this.#ghosts) if ((snap.goneFrom ?? 0) <= now) this.#ghosts.delete(snap);
    return [...this.#ghosts].filter((snap) => snap.region === region);
  }

  /** `run` is undefined where a person does it. Who is at it already does nothing more. */
  delete(run: Run | undefined, region: string, id: string): void {
    if (run !== undefined) this.#reach(run, region, `delete ${id}`);
    const snap = this.#service.find(region, id);
    if (run !== undefined && snap.isGoing) return;
    this.#tell((watcher) => watcher.deletes(run, snap));
    const { deleteMs } = this.kind.pace;
    if (run === undefined || deleteMs === undefined) {
      this.#service.delete(region, id);
      this.#gone(snap);
      return;
    }
    snap.isGoing = true;
    const [shortest, longest] = deleteMs;
    const span = this.dice.span(shortest, longest, "going", snap.key) * this.weather.slowness(region);
    this.engine.at(this.engine.now + span, () => this.#remove(snap));
  }

  /** What takes its time may come to nothing, and nobody is told. */
  #remove(snap: Snap): void {
    if (snap.deletedAt !== undefined) return;
    snap.isGoing = false;
    const { region, id, key } = snap;
    if (this.weather.isOut(region) || this.weather.breaks(region, `going ${key} ${this.engine.now}`)) return;
    this.#service.delete(region, id);
    this.#gone(snap);
  }

  #gone(snap: Snap): void {
    const { now } = this.engine;
    snap.goneFrom = now + this.weather.lagMs(snap.region, `gone ${snap.key}`);
    if (snap.goneFrom > now) this.#ghosts.add(snap);
    this.changed(snap);
  }

  lock(run: Run, region: string, id: string, request: LockRequest): void {
    this.#reach(run, region, `lock ${id}`);
    const snap = this.#service.lock?.(region, id, request);
    if (snap !== undefined) this.changed(snap);
  }

  tag(run: Run, region: string, id: string, tags: Tags): void {
    this.#reach(run, region, `tag ${id}`);
    const snap = this.#service.tag(region, id, tags);
    if (snap.mark === undefined && TAG.point in tags) {
      snap.mark = markOf(snap.tags);
      this.#tell((watcher) => watcher.takenIn(run, snap));
    }
    this.changed(snap);
  }

  /** A snapshot that is nobody's of ours. */
  addForeign(region: string, name: string, volume: string, tags: Tags, source?: Snap): Snap {
    const copied = source && { source, transfer: "standard" as const };
    const origin = { region, volume, sizeGiB: 8, tags, ...copied, state: "completed" as const };
    return this.#service.place(origin, this.#foreign(region, name));
  }

  /** A snapshot that others make of a volume: it takes its time, and may fail, as any other. */
  addTheirs(region: string, name: string, volume: string, tags: Tags, fails: boolean): Snap {
    const record = this.#foreign(region, name, { theirs: true });
    const snap = this.#service.place({ region, volume, sizeGiB: 8, tags }, record);
    this.#begin(snap, this.kind.pace.createMs, [snap], fails);
    return snap;
  }

  #foreign(region: string, name: string, more: Pick<Snap, "theirs"> = {}): (fresh: Fresh<Snap>) => Snap {
    const key = this.#keys.next(region, name);
    return (fresh) => this.#new({ ...fresh, ...more, key });
  }

  #ours(fresh: Fresh<Snap>): Snap {
    const { region, source, tags, volume } = fresh;
    const mark = markOf(tags);
    const key = this.#keys.next(region, source ? `${source.key} to ${region}` : `${mark.point} ${volume}`);
    return this.#new({ ...fresh, key, mark });
  }

  #new(of: Fresh<Snap> & Pick<Snap, "key" | "mark" | "theirs">): Snap {
    const seenFrom = this.engine.now + this.weather.lagMs(of.region, `new ${of.key}`);
    const snap: Snap = { ...of, seenFrom, touchedAt: 0, tampered: false, misled: false };
    this.changed(snap);
    return snap;
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

  #begin(snap: Snap, [shortest, longest]: readonly [number, number], set: readonly Snap[], fails = false): void {
    if (snap.mark !== undefined && this.weather.hangs(snap.region)) {
      snap.hangs = true;
      const { stuckMs } = this.kind.pace;
      if (stuckMs !== undefined) this.engine.at(this.engine.now + stuckMs, () => this.#giveUp(snap, set));
      return;
    }
    const span = this.dice.span(shortest, longest, "duration", snap.key) * this.weather.slowness(snap.region);
    const queued = snap.source === undefined ? (this.machines.get(snap.mark?.resource ?? "")?.queuedUntil ?? 0) : 0;
    this.engine.at(Math.max(queued, this.engine.now) + span, () => this.#finish(snap, set, fails));
  }

  #giveUp(snap: Snap, set: readonly Snap[]): void {
    snap.hangs = false;
    this.#finish(snap, set, true);
  }

  /** In a region that is out nothing goes on; what was under way ends some time after it is back. */
  #finish(snap: Snap, set: readonly Snap[], fails: boolean): void {
    if (snap.deletedAt !== undefined) return;
    if (this.weather.isOut(snap.region) || (snap.source && this.weather.isOut(snap.source.region))) {
      this.engine.at(this.engine.now + 30 * MINUTE, () => this.#finish(snap, set, fails));
      return;
    }
    const isBroken = fails || this.weather.breaks(snap.region, snap.key);
    if (isBroken && this.kind.dies?.(snap, this.dice)) {
      this.#service.remove(snap.region, snap.id);
      this.#gone(snap);
      return;
    }
    this.#service.end(snap, isBroken ? "the key is not accessible" : undefined);
    this.changed(snap);
    if (snap.source !== undefined) this.event(snap, "copySnapshot");
    else if (set.every(({ state }) => state !== "pending"))
      this.event(snap, set.length > 1 ? "createSnapshots" : "createSnapshot");
  }

  #tell(what: (watcher: Watcher) => void): void {
    for (const watcher of this.watchers) what(watcher);
  }
}
