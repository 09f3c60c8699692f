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
  /** The set above, and every other whole one of the same identity. */
  readonly sets: readonly (readonly Part[])[];
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

function startOf(parts: readonly Part[], point: Point): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const part of parts) earliest = Math.min(earliest, takenAt(part, point));
  return earliest;
}

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

/** Snapshots of one CreateSnapshots call are of one moment; a second call for the same point comes later than this. */
const ONE_CALL_MS = 1000;

/**
 * Where no volume comes twice there is mostly one set, however far AWS spreads the starts of its snapshots; only what another try
 * took, a claim's time later, is surely of another.
 */
const COPIED_TOGETHER_MS = 60_000;

/**
 * A set that was made twice must not be mixed: two snapshots from two calls are not of one moment. So a volume that comes
 * again, or a snapshot that was taken later, begins the next set; a copy of the same snapshot is only another try.
 */
function setsOf(parts: readonly Part[], when: (part: Part) => number, together: number): readonly (readonly Part[])[] {
  const sets: Part[][] = [];
  for (const part of parts) {
    const current = sets.at(-1);
    const [first] = current ?? [];
    const again = current?.some((other) => other.volume === part.volume && !isSameCopy(other, part)) ?? true;
    if (first === undefined || again || when(part) - when(first) > together) sets.push([part]);
    else current?.push(part);
  }
  return sets;
}

const isSameCopy = (a: Part, b: Part): boolean => a.source !== undefined && a.source === b.source;

const SET_RANK = { completed: 0, pending: 1, failed: 2, incomplete: 3 } as const;

const best = (sets: readonly (readonly Part[])[], rank: (set: readonly Part[]) => number): readonly Part[] =>
  sets.reduce((first, set) => (rank(set) < rank(first) ? set : first), sets[0] ?? []);

/** Of copies of several sets the one that is the nearest to being whole counts; of those the oldest. */
function chooseCopies(point: Point): readonly Part[] {
  const taken = (part: Part): number => takenAt(part, point);
  const byMoment = point.parts.toSorted((a, b) => taken(a) - taken(b) || before(a, b));
  const sets = setsOf(byMoment, taken, COPIED_TOGETHER_MS).map(choosePerVolume);
  return best(sets, (set) => {
    if (stateOf(set, point.size) === "completed") return Number.NEGATIVE_INFINITY;
    return -set.filter((part) => part.state !== "error").length;
  });
}

const sayLock = ({ mode, until }: Locked): string =>
  `locked (${mode})${until === undefined ? "" : ` until ${new Date(until).toISOString()}`}`;

const holdsOf = ({ holds, locked }: Part): readonly string[] =>
  locked === undefined ? holds : [...holds, sayLock(locked)];

const NOTHING: readonly never[] = [];

const heldBy = (parts: readonly Part[]): readonly string[] =>
  parts.every((part) => part.holds.length === 0 && part.locked === undefined)
    ? NOTHING
    : [...new Set(parts.flatMap(holdsOf))].toSorted();

/** A point of one completed snapshot, as most are: of a million, each field that it has of its own would take 8 MB. */
class Single implements Shape {
  readonly point: Point;

  constructor(point: Point) {
    this.point = point;
  }

  get start(): number {
    return startOf(this.parts, this.point);
  }
  get state(): PointState {
    return "completed";
  }
  get parts(): readonly Part[] {
    return this.point.parts;
  }
  get sets(): readonly (readonly Part[])[] {
    return [this.parts];
  }
  get surplus(): readonly Part[] {
    return NOTHING;
  }
  get doubled(): boolean {
    return false;
  }
  get pending(): boolean {
    return false;
  }
  get held(): readonly string[] {
    return heldBy(this.parts);
  }
}

function shapeOfOne(point: Point, part: Part): Shape {
  const { state } = part;
  if (state === "completed" && point.size <= 1) return new Single(point);
  return {
    point,
    state: state === "error" ? "failed" : state === "completed" && point.size > 1 ? "incomplete" : state,
    start: takenAt(part, point),
    parts: point.parts,
    sets: [point.parts],
    surplus: NOTHING,
    doubled: false,
    pending: state === "pending",
    held: heldBy(point.parts),
  };
}

/** Reads a point. If calls that made it overlapped, no set of it is whole, and it is not used. */
export function shapeOf(point: Point): Shape {
  const [first] = point.parts;
  if (first !== undefined && point.parts.length === 1) return shapeOfOne(point, first);
  const parts = point.parts.toSorted(before);
  const isCopy = point.region !== point.home;
  const single = new Set(parts.map((part) => part.volume)).size === parts.length;
  const made = single || isCopy ? [] : setsOf(parts, (part) => part.startedAt, ONE_CALL_MS);
  const chosen = isCopy
    ? chooseCopies(point)
    : single
      ? parts
      : best(made, (set) => SET_RANK[stateOf(set, point.size)]);
  const surplus = parts.length === chosen.length ? [] : parts.filter((part) => !chosen.includes(part));
  const alive = single ? [] : parts.filter((part) => part.state !== "error").map((part) => part.volume);
  return {
    point,
    state: stateOf(chosen, point.size),
    start: startOf(chosen, point),
    parts: chosen,
    sets: [chosen, ...made.filter((set) => set !== chosen && stateOf(set, point.size) === "completed")],
    surplus,
    doubled: new Set(alive).size < alive.length,
    pending: parts.some((part) => part.state === "pending"),
    held: heldBy(parts),
  };
}

/**
 * The set of a point to copy into a region: the one that was begun there, as long as it is whole, since two sets must not meet in
 * one copy; else the one that counts at home.
 */
export function setFor(source: Shape, copy: Shape | undefined): readonly Part[] {
  const begun = new Set(copy?.parts.filter((part) => part.state !== "error").map((part) => part.source));
  return source.sets.find((set) => set.some((part) => begun.has(part.snapshot))) ?? source.parts;
}
