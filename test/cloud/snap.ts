import type { Snapshot as Ec2Snapshot, LockMode, SnapshotState, TransferType } from "@aws-sdk/client-ec2";

export type Tags = Readonly<Record<string, string>>;

/** A snapshot as EC2 really has it. */
export interface Snap {
  readonly id: string;
  readonly region: string;
  /** The volume whose data it has, on copies too, where Describe does not tell it. */
  readonly volume: string;
  readonly sizeGiB: number;
  readonly startedAt: number;
  /** When its data is from. */
  readonly takenAt: number;
  /** The call that took the data: snapshots with the same number are of one moment. */
  readonly call: number;
  /** What it is a copy of. */
  readonly source?: Snap;
  /** On copies only (EC2 API reference, Snapshot). */
  readonly transfer?: TransferType;
  readonly description?: string;
  /** As it was given, where it was not made by a call: Describe shows this, but for what has changed since. */
  readonly given?: Ec2Snapshot;
  state: Extract<SnapshotState, "pending" | "completed" | "error">;
  cause?: string;
  tags: Tags;
  endedAt?: number;
  deletedAt?: number;
  lockMode?: LockMode;
  lockedUntil: number;
  /** How long a lock put on it while it is pending will last from its completion on. */
  lockMs: number;
  /** The AMIs that use it. */
  readonly images: Set<string>;
}

/** What is new, before whoever builds on the model has added to it. */
export type Fresh<S extends Snap> = Omit<Snap, "source"> & { readonly source?: S };

export const isLocked = ({ lockedUntil, lockMs, state }: Snap, now: number): boolean =>
  lockedUntil > now || (state === "pending" && lockMs > 0);

export const isCopying = ({ state, transfer }: Snap): boolean => state === "pending" && transfer !== undefined;
