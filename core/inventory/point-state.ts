import type { Artifact, Point } from "../model/model.js";

/** `incomplete`: no part failed or is in flight, but some are missing: deleted or hidden by somebody, or not made yet. */
export type PointStatus = "completed" | "pending" | "failed" | "incomplete";

/** A point, and what its parts amount to. */
export interface PointState {
  readonly point: Point;
  readonly status: PointStatus;
  /** Age of its data: the earliest real start of its parts. */
  readonly start: number;
  /** One snapshot of each volume: those that make the point. */
  readonly artifacts: readonly Artifact[];
}

const before = (a: Artifact, b: Artifact): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);

/** When the data of a part is from. A copy that does not say counts as old as its slot: never younger than it is. */
const takenAt = (part: Artifact, point: Point): number =>
  part.takenAt ?? (part.source === undefined ? part.startedAt : point.scheduled);

const startOf = (parts: readonly Artifact[], point: Point): number =>
  parts.reduce((earliest, part) => Math.min(earliest, takenAt(part, point)), Number.POSITIVE_INFINITY);

function stateOf(parts: readonly Artifact[], size: number): PointStatus {
  if (parts.some((part) => part.state === "pending")) return "pending";
  if (parts.some((part) => part.state === "error")) return "failed";
  return parts.length < size ? "incomplete" : "completed";
}

const PART_RANK = { completed: 0, pending: 1, error: 2 } as const;

/** Copies of one snapshot are all alike, so each volume's best one counts: completed, else in flight, else failed. */
function choosePerMember(parts: readonly Artifact[]): readonly Artifact[] {
  const best = new Map<string, Artifact>();
  for (const part of parts) {
    const other = best.get(part.member);
    if (other === undefined || PART_RANK[part.state] < PART_RANK[other.state]) best.set(part.member, part);
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
function setsOf(
  parts: readonly Artifact[],
  when: (part: Artifact) => number,
  together: number,
): readonly (readonly Artifact[])[] {
  const sets: Artifact[][] = [];
  for (const part of parts) {
    const current = sets.at(-1);
    const [first] = current ?? [];
    const again = current?.some((other) => other.member === part.member && !isSameCopy(other, part)) ?? true;
    if (first === undefined || again || when(part) - when(first) > together) sets.push([part]);
    else current?.push(part);
  }
  return sets;
}

const isSameCopy = (a: Artifact, b: Artifact): boolean => a.source !== undefined && a.source === b.source;

const SET_RANK = { completed: 0, pending: 1, failed: 2, incomplete: 3 } as const;

const best = (
  sets: readonly (readonly Artifact[])[],
  rank: (set: readonly Artifact[]) => number,
): readonly Artifact[] => sets.reduce((first, set) => (rank(set) < rank(first) ? set : first), sets[0] ?? []);

/** Of copies of several sets the one that is the nearest to being whole counts; of those the oldest. */
function chooseCopies(point: Point): readonly Artifact[] {
  const taken = (part: Artifact): number => takenAt(part, point);
  const byMoment = point.artifacts.toSorted((a, b) => taken(a) - taken(b) || before(a, b));
  const sets = setsOf(byMoment, taken, COPIED_TOGETHER_MS).map(choosePerMember);
  return best(sets, (set) => {
    if (stateOf(set, point.size) === "completed") return Number.NEGATIVE_INFINITY;
    return -set.filter((part) => part.state !== "error").length;
  });
}

/** Why others want it kept. */
export function heldBy({ point }: PointState): readonly string[] {
  const holds = point.artifacts.flatMap(({ holds }) => holds);
  return holds.length === 0 ? holds : [...new Set(holds)].toSorted();
}

/** Whether any snapshot of it is in flight. */
export const isPending = ({ status, point }: PointState): boolean =>
  status === "pending" || point.artifacts.some((part) => part.state === "pending");

/** Others with the same identity: doubles and earlier failed tries. */
export const surplusIn = ({ point, artifacts }: PointState): readonly Artifact[] =>
  artifacts.length === point.artifacts.length ? [] : point.artifacts.filter((part) => !artifacts.includes(part));

/** Whether some volume has more than one snapshot that did not fail. */
export function isDoubled({ point }: PointState): boolean {
  if (point.artifacts.length <= 1) return false;
  const alive = point.artifacts.filter((part) => part.state !== "error").map((part) => part.member);
  return new Set(alive).size < alive.length;
}

const isCopy = ({ region, home }: Point): boolean => region !== home;

/** The sets that calls at home made for a point: one, unless they overlapped or a volume was tried again. */
function madeOf(point: Point): readonly (readonly Artifact[])[] {
  const parts = point.artifacts.toSorted(before);
  const isOne = new Set(parts.map((part) => part.member)).size === parts.length;
  return isOne ? [parts] : setsOf(parts, (part) => part.startedAt, ONE_CALL_MS);
}

function chosenOf(point: Point): readonly Artifact[] {
  if (point.artifacts.length <= 1) return point.artifacts;
  return isCopy(point) ? chooseCopies(point) : best(madeOf(point), (set) => SET_RANK[stateOf(set, point.size)]);
}

/** Reads a point. If calls that made it overlapped, no set of it is whole, and it is not used. */
export function pointStateOf(point: Point): PointState {
  const parts = chosenOf(point);
  return { point, status: stateOf(parts, point.size), start: startOf(parts, point), artifacts: parts };
}

/** The set that makes a point, and every other whole one of the same identity. */
function setsIn({ point, artifacts }: PointState): readonly (readonly Artifact[])[] {
  const others = isCopy(point) ? [] : madeOf(point).filter((set) => set.some((part) => !artifacts.includes(part)));
  return [artifacts, ...others.filter((set) => stateOf(set, point.size) === "completed")];
}

/**
 * The set of a point to copy into a region: the one that was begun there, as long as it is whole, since two sets must not meet in
 * one copy; else the one that counts at home.
 */
export function setFor(source: PointState, copy: PointState | undefined): readonly Artifact[] {
  const begun = new Set(copy?.artifacts.filter((part) => part.state !== "error").map((part) => part.source));
  return setsIn(source).find((set) => set.some((part) => begun.has(part.id))) ?? source.artifacts;
}
