import type { KindRules } from "../model/kind.js";
import type { Artifact } from "../model/model.js";

type Running = Pick<Artifact, "sizeGiB" | "startedAt">;
type Patience = Pick<KindRules, "hangsAfterMs">;

/**
 * Whether AWS is at an artifact for much longer than it takes. Its progress says nothing: one look has nothing to compare it with, and
 * what hangs may hang at 99 %.
 */
export const isHanging = (one: Running & Pick<Artifact, "state">, now: number, rules: Patience): boolean =>
  one.state === "pending" && now - one.startedAt > rules.hangsAfterMs(one);

/**
 * Whether a copy of a member may be begun beside those that are in progress: only where all of these hang. The new one is a full
 * copy. Each that hangs takes a slot, so after each it takes twice as long until the next.
 */
export function mayPass(running: readonly Running[], now: number, rules: Patience): boolean {
  const patience = 2 ** (running.length - 1);
  return running.every((one) => now - one.startedAt > rules.hangsAfterMs(one) * patience);
}

/** Artifacts that a message names; there may be hundreds. */
const NAMED = 10;

const oldestFirst = (a: Artifact, b: Artifact): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);

/** What AWS says of the last of some artifacts that failed; undefined where none has. */
export function lastFailure(artifacts: readonly Artifact[]): string | undefined {
  const last = artifacts
    .filter(({ state }) => state === "error")
    .toSorted(oldestFirst)
    .at(-1);
  return last && (last.cause ?? "no cause given");
}

/** What AWS is at, since when, and how far: `snap-1 of vol-1 at 40 %`. */
export function formatRunning(running: readonly Artifact[]): string {
  const artifacts = running.toSorted(oldestFirst);
  const since = new Date(artifacts[0]?.startedAt ?? 0).toISOString();
  const named = artifacts.map(({ id, member, progress }) => `${id} of ${member} at ${progress} %`);
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more` : "";
  return `since ${since}: ${named.slice(0, NAMED).join(", ")}${more}`;
}
