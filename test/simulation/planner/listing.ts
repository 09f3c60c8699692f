import type { Point } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import type { Tags } from "../../cloud/snap.js";
import type { KindWorld, Where } from "../kinds/kind.js";
import { isListed, type Snap } from "../world/snap.js";

interface Group {
  readonly snaps: Set<Snap>;
  /** What was read last; undefined when something has changed since, or is about to be seen. */
  points: readonly Point[] | undefined;
  /** Until then that holds: a lock ends. */
  until: number;
}

/**
 * The artifacts of one region as AWS lists them, read as the kind really does. Only what changed is read again: artifacts of different
 * points do not meet there.
 */
export class Listing {
  readonly #kind: Pick<KindWorld, "read">;
  readonly #where: Omit<Where, "now">;
  readonly #tagsOf: (tags: Tags) => Tags;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Snap, Group>();

  constructor(kind: Pick<KindWorld, "read">, where: Omit<Where, "now">, read: (tags: Tags) => Tags = (tags) => tags) {
    this.#kind = kind;
    this.#where = where;
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

  /** All that is listed, whoever made it. */
  snaps(now: number): Snap[] {
    return [...this.#groupOf.keys()].filter((snap) => isListed(snap, now));
  }

  #read(group: Group, now: number): readonly Point[] {
    let isSettled = true;
    const listed: Snap[] = [];
    for (const snap of group.snaps) {
      if (isListed(snap, now)) listed.push(snap);
      if (snap.seenFrom > now || (snap.goneFrom ?? 0) > now) isSettled = false;
      else if (snap.goneFrom !== undefined) this.#forget(group, snap);
    }
    const shown = listed.map((snap) => ({ snap, tags: this.#tagsOf(snap.tags) }));
    const { points, until } = this.#kind.read(shown, { ...this.#where, now });
    group.until = until;
    if (isSettled) group.points = points;
    return points;
  }

  #forget(group: Group, snap: Snap): void {
    group.snaps.delete(snap);
    this.#groupOf.delete(snap);
  }
}
