import type { Artifact } from "../model/model.js";

/** AWS says of no plain copy how long it takes; a time-based one may be promised at most 500 MiB/s (EBS user guide, "Time-based copies"). */
export const COPY_MIB_PER_S = 50;

const HOUR_MS = 3_600_000;
/** What every snapshot gets, however small. */
const LEAST_MS = 36 * HOUR_MS;

/**
 * How long EBS may be at a snapshot or copy before it hangs: a day and a half, and twice as long as the whole volume takes. Its
 * progress says nothing: one look has nothing to compare it with, and what hangs may hang at 99 %.
 */
const hangsAfter = ({ sizeGiB }: Pick<Artifact, "sizeGiB">): number =>
  LEAST_MS + ((2 * sizeGiB * 1024) / COPY_MIB_PER_S) * 1000;

type Running = Pick<Artifact, "sizeGiB" | "startedAt">;

export const isHanging = (part: Running & Pick<Artifact, "state">, now: number): boolean =>
  part.state === "pending" && now - part.startedAt > hangsAfter(part);

/**
 * Whether a copy of a volume may be begun beside those that are in progress: only where all of these hang. EBS allows it; the new
 * one is a full copy. Each that hangs takes a slot, so after each it takes twice as long until the next.
 */
export function mayPass(running: readonly Running[], now: number): boolean {
  const patience = 2 ** (running.length - 1);
  return running.every((one) => now - one.startedAt > hangsAfter(one) * patience);
}

/** Snapshots that a message names; there may be hundreds. */
const NAMED = 10;

const oldestFirst = (a: Artifact, b: Artifact): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);

/** What EBS says of the last of some snapshots that failed; undefined where none has. */
export function lastFailure(parts: readonly Artifact[]): string | undefined {
  const last = parts
    .filter(({ state }) => state === "error")
    .toSorted(oldestFirst)
    .at(-1);
  return last && (last.cause ?? "no cause given");
}

/** What EBS is at, since when, and how far: `snap-1 of vol-1 at 40 %`. */
export function formatRunning(running: readonly Artifact[]): string {
  const parts = running.toSorted(oldestFirst);
  const since = new Date(parts[0]?.startedAt ?? 0).toISOString();
  const named = parts.map(({ id: snapshot, member: volume, progress }) => `${snapshot} of ${volume} at ${progress} %`);
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more` : "";
  return `since ${since}: ${named.slice(0, NAMED).join(", ")}${more}`;
}
