import type { Locked, Part, Point } from "./model.js";

/** `incomplete`: no part failed or is in flight, but some are missing: deleted or hidden by somebody, or not made yet. */
export type PointState = "completed" | "pending" | "failed" | "incomplete";

/** A point, and what its parts amount to. */
export interface Shape {
  readonly point: Point;
  readonly state: PointState;
  /** Age of its data: the earliest real start of its parts. */
  readonly start: number;
  /** One snapshot of each volume: those that make the point. */
  readonly parts: readonly Part[];
  /** Others with the same identity: doubles and earlier failed tries. */
  readonly surplus: readonly Part[];
  /** Some volume has more than one snapshot that did not fail. */
  readonly doubled: boolean;
  /** Any snapshot of it is in flight. */
  readonly pending: boolean;
  readonly held: readonly string[];
}

const before = (a: Part, b: Part): number => a.startedAt - b.startedAt || (a.snapshot < b.snapshot ? -1 : 1);

/** When the data of a part is from. A copy that does not say counts as old as its slot: never younger than it is. */
const takenAt = (part: Part, point: Point): number =>
  part.takenAt ?? (part.source === undefined ? part.startedAt : point.scheduled);

function stateOf(parts: readonly Part[], size: number): PointState {
  if (parts.some((part) => part.state === "pending")) return "pending";
  if (parts.some((part) => part.state === "error")) return "failed";
  return parts.length < size ? "incomplete" : "completed";
}

const PART_RANK = { completed: 0, pending: 1, error: 2 } as const;

/** Copies of one snapshot are all alike, so each volume's best one counts: completed, else in flight, else failed. */
function choosePerVolume(parts: readonly Part[]): readonly Part[] {
  const best = new Map<string, Part>();
  for (const part of parts) {
    const other = best.get(part.volume);
    if (other === undefined || PART_RANK[part.state] < PART_RANK[other.state]) best.set(part.volume, part);
  }
  return [...best.values()];
}

const SET_RANK = { completed: 0, pending: 1, failed: 2, incomplete: 3 } as const;

/** Snapshots of one CreateSnapshots call are of one moment; a second call for the same point comes later than this. */
const ONE_CALL_MS = 1000;

/**
 * A set that was made twice must not be mixed: two snapshots from two calls are not of one moment. So a volume that comes
 * again, or a snapshot that started later, begins the next set. If the calls overlapped, no set is whole, and the point is
 * not used.
 */
function chooseSet(parts: readonly Part[], size: number, copied: ReadonlySet<string>): readonly Part[] {
  const sets: Part[][] = [];
  for (const part of parts) {
    const current = sets.at(-1);
    const began = current?.[0]?.startedAt ?? Number.NEGATIVE_INFINITY;
    const again = current?.some((other) => other.volume === part.volume) ?? true;
    if (current === undefined || again || part.startedAt - began > ONE_CALL_MS) sets.push([part]);
    else current.push(part);
  }
  // Of whole sets the one that was copied already stays the one that counts, else copies of two sets would meet elsewhere.
  const rank = (set: readonly Part[]): number => {
    const state = stateOf(set, size);
    return state === "completed" && set.some((part) => copied.has(part.snapshot)) ? -1 : SET_RANK[state];
  };
  return sets.reduce((best, set) => (rank(set) < rank(best) ? set : best), sets[0] ?? []);
}

const sayLock = ({ mode, until }: Locked): string =>
  `locked (${mode})${until === undefined ? "" : ` until ${new Date(until).toISOString()}`}`;

const holdsOf = ({ holds, locked }: Part): readonly string[] =>
  locked === undefined ? holds : [...holds, sayLock(locked)];

const NONE: ReadonlySet<string> = new Set();
const NOTHING: readonly never[] = [];

const heldBy = (parts: readonly Part[]): readonly string[] =>
  parts.every((part) => part.holds.length === 0 && part.locked === undefined)
    ? NOTHING
    : [...new Set(parts.flatMap(holdsOf))].toSorted();

/** Most points are one snapshot of one volume. */
function shapeOfOne(point: Point, part: Part): Shape {
  const { state } = part;
  return {
    point,
    state: state === "error" ? "failed" : state === "completed" && point.size > 1 ? "incomplete" : state,
    start: takenAt(part, point),
    parts: point.parts,
    surplus: NOTHING,
    doubled: false,
    pending: state === "pending",
    held: heldBy(point.parts),
  };
}

/** Reads a point; `copied` are the snapshots of it that other regions have copies of. */
export function shapeOf(point: Point, copied: ReadonlySet<string> = NONE): Shape {
  const [first] = point.parts;
  if (first !== undefined && point.parts.length === 1) return shapeOfOne(point, first);
  const parts = point.parts.toSorted(before);
  const isCopy = point.region !== point.home;
  const single = new Set(parts.map((part) => part.volume)).size === parts.length;
  const chosen = single ? parts : isCopy ? choosePerVolume(parts) : chooseSet(parts, point.size, copied);
  const surplus = single ? [] : parts.filter((part) => !chosen.includes(part));
  const alive = single ? [] : parts.filter((part) => part.state !== "error").map((part) => part.volume);
  return {
    point,
    state: stateOf(chosen, point.size),
    start: chosen.reduce((earliest, part) => Math.min(earliest, takenAt(part, point)), Number.POSITIVE_INFINITY),
    parts: chosen,
    surplus,
    doubled: new Set(alive).size < alive.length,
    pending: parts.some((part) => part.state === "pending"),
    held: heldBy(parts),
  };
}
