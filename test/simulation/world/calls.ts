import type { Run, Snap } from "./snap.js";

/** What a run wanted to make, and why the service makes it not. */
export interface Refusal {
  readonly region: string;
  readonly resource: string;
  readonly error: unknown;
}

/** Told of everything that happens to snapshots, before a delete and after everything else. */
export interface Watcher {
  created(run: Run, snaps: readonly Snap[]): void;
  copied(run: Run, snap: Snap): void;
  /** What somebody else made becomes a point. */
  takenIn(run: Run, snap: Snap): void;
  /** AWS made something a second time that it was asked for once. */
  doubled(snaps: readonly Snap[]): void;
  /** `run` is undefined where a person does it. */
  deletes(run: Run | undefined, snap: Snap): void;
  changed(snap: Snap): void;
  /** The service said no to what a run wanted to make of a resource. */
  refused?(run: Run, no: Refusal): void;
  /** EBS tells that a snapshot, a set or a copy has ended. */
  event(
    region: string,
    event: "createSnapshot" | "createSnapshots" | "copySnapshot" | "shareSnapshot",
    snap: Snap,
  ): void;
}
