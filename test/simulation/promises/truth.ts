import { MINUTE } from "../scenario.js";
import type { Mark, Snap } from "../world/snap.js";

/** A point as it really is in one region, with everything that Lockstep made for it and that is still there. */
export interface TruePoint {
  readonly mark: Mark;
  readonly region: string;
  readonly snaps: Set<Snap>;
}

/** A run tells at its end what it has seen at its beginning, and notes the time of that. */
const TOLD_LATER = 30 * MINUTE;

/** The points of one policy and resource, as they really are. */
export class TrueLineage {
  readonly policy: string;
  readonly home: string;
  readonly resource: string;
  readonly #regions = new Map<string, Map<string, TruePoint>>();
  /** When somebody else last changed what Lockstep may see there. */
  readonly touched = new Map<string, number>();
  /** Since when people know of each region that the resource is no more. */
  readonly told = new Map<string, number>();

  constructor({ policy, home, resource }: Mark) {
    this.policy = policy;
    this.home = home;
    this.resource = resource;
  }

  add(snap: Snap, mark: Mark): void {
    const points = this.#regions.get(snap.region) ?? new Map<string, TruePoint>();
    this.#regions.set(snap.region, points);
    const point = points.get(mark.point) ?? { mark, region: snap.region, snaps: new Set() };
    points.set(mark.point, point);
    point.snaps.add(snap);
  }

  remove(snap: Snap, mark: Mark): void {
    const point = this.point(snap.region, mark.point);
    point?.snaps.delete(snap);
    if (point?.snaps.size === 0) this.#regions.get(snap.region)?.delete(mark.point);
  }

  point(region: string, id: string): TruePoint | undefined {
    return this.#regions.get(region)?.get(id);
  }

  points(region: string): Iterable<TruePoint> {
    return this.#regions.get(region)?.values() ?? [];
  }

  regions(): Iterable<string> {
    return this.#regions.keys();
  }

  /** Those that could be restored from and that Lockstep can see to be its own, newest first. */
  whole(region: string): readonly TruePoint[] {
    return [...this.points(region)]
      .filter((point) => isWhole(point))
      .sort((a, b) => b.mark.scheduled - a.mark.scheduled);
  }

  /** Whether its last point in a region may be gone at a time: nothing came for so long, and people have known for so long. */
  isOver(region: string, at: number, orphanAfter: number): boolean {
    const told = this.told.get(region);
    if (told === undefined || told + orphanAfter > at + TOLD_LATER) return false;
    return [...this.#regions.keys()].every((one) =>
      this.whole(one).every((point) => startOf(point) + orphanAfter <= at),
    );
  }

  touchedSince(region: string, time: number): boolean {
    return (this.touched.get(region) ?? 0) >= time;
  }
}

export class Truth {
  readonly #lineages = new Map<string, TrueLineage>();

  of(mark: Pick<Mark, "policy" | "home" | "resource">): TrueLineage | undefined {
    return this.#lineages.get(`${mark.policy} ${mark.home} ${mark.resource}`);
  }

  at(mark: Mark): TrueLineage {
    const key = `${mark.policy} ${mark.home} ${mark.resource}`;
    const lineage = this.#lineages.get(key) ?? new TrueLineage(mark);
    this.#lineages.set(key, lineage);
    return lineage;
  }

  all(): Iterable<TrueLineage> {
    return this.#lineages.values();
  }
}

const isGood = ({ state, tampered, misled }: Snap): boolean => state === "completed" && (!tampered || misled);

/** The volumes of the best set: snapshots of different calls are of different moments and never make a point together. */
export function isWhole({ mark, snaps }: TruePoint, without?: Snap): boolean {
  return wholeSet(mark.size, snaps, without) !== undefined;
}

function wholeSet(size: number, snaps: Iterable<Snap>, without?: Snap): readonly Snap[] | undefined {
  const sets = new Map<number, Map<string, Snap>>();
  for (const snap of snaps) {
    if (snap === without || !isGood(snap)) continue;
    const set = sets.get(snap.call) ?? new Map<string, Snap>();
    sets.set(snap.call, set.set(snap.volume, snap));
    if (set.size >= size) return [...set.values()];
  }
  return undefined;
}

/** When its data is from: the earliest of those that make it whole; else of those that are left and can be seen to be its. */
export function startOf({ mark, snaps }: TruePoint): number {
  const set = snaps.size > mark.size ? wholeSet(mark.size, snaps) : undefined;
  if (set !== undefined) return set.reduce((start, { takenAt }) => Math.min(start, takenAt), Number.POSITIVE_INFINITY);
  let [start, hidden] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { takenAt, tampered } of snaps) {
    if (tampered) hidden = Math.min(hidden, takenAt);
    else start = Math.min(start, takenAt);
  }
  return Number.isFinite(start) ? start : hidden;
}
