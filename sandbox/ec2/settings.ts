import type { SnapshotEvent } from "../faults/endings.js";
import type { ForeignInterface } from "./network/model.js";

/** Looks a KMS key up: its ARN, or undefined when EBS could not use it. */
export type KeyLookup = (region: string, key: string) => Promise<string | undefined>;

/** May be changed while the plane runs; what is in progress keeps the times it began with. */
export interface Ec2Settings {
  /** From CreateSnapshot(s) to `completed`. */
  snapshotMillis: number;
  /** From CopySnapshot to `completed` or `error`. */
  copyMillis: number;
  /** Copies in progress per destination region: 20, not adjustable (EBS user guide, "Quotas for Amazon EBS"). */
  copySlots: number;
  /** Pending snapshots per region, copies apart: 100 (seen in the field: pingcap/tidb#44325). */
  pendingSnapshots: number;
  /** Unfinished snapshots per volume: 5, for st1 and sc1 always 1 (EBS user guide, "Quotas for Amazon EBS"). */
  volumeSnapshots: number;
  /** Snapshots per region: 100,000 (EBS user guide, "Quotas for Amazon EBS"). */
  snapshots: number;
  /**
   * How long a new snapshot is not in DescribeSnapshots yet: EC2's API is eventually consistent (EC2 developer guide, "Eventual
   * consistency in the Amazon EC2 API").
   */
  visibleMillis: number;
  /** How EBS finds a key; without it a key is good when it is well formed and of the region (see keys.ts). */
  keyLookup?: KeyLookup;
  /** Why what begins now ends in `error`; the sandbox was asked for it. */
  endsInError?: (region: string, event: SnapshotEvent) => string | undefined;
  /** Network interfaces that other services have in a region's networks. @default none */
  interfacesIn?: (region: string) => readonly ForeignInterface[];
}

export const defaultSettings = (): Ec2Settings => ({
  snapshotMillis: 1000,
  copyMillis: 1500,
  copySlots: 20,
  pendingSnapshots: 100,
  volumeSnapshots: 5,
  snapshots: 100_000,
  visibleMillis: 0,
});
