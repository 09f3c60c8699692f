import type { LockMode } from "@aws-sdk/client-ec2";
import type { Snap, Tags } from "./snap.js";

/** CreateSnapshots of an instance, or CreateSnapshot of a volume. */
export interface SetRequest {
  readonly resource: string;
  /** Attached volumes that get no snapshot. @default none */
  readonly excluded?: { readonly boot: boolean; readonly volumes: readonly string[] };
  readonly tags: Tags;
  readonly description?: string | undefined;
  /** Each volume's own tags come along, under those of the call. */
  readonly copyTags?: boolean;
  /** Where the service knows what it made for it before; EC2 has none. */
  readonly token?: string;
}

/** CopySnapshot, called in the region that it goes to. */
export interface CopyRequest {
  readonly from: string;
  readonly snapshot: string;
  readonly tags: Tags;
  readonly description?: string | undefined;
  readonly token?: string;
}

export interface LockRequest {
  readonly days: number;
  readonly mode?: LockMode | undefined;
}

/** What somebody can ask EC2 to change in one region. */
export interface Changes {
  createSnapshots(request: SetRequest): readonly Snap[];
  copySnapshot(request: CopyRequest): Snap;
  deleteSnapshot(id: string): void;
  createTags(id: string, tags: Tags): void;
  lockSnapshot(id: string, request: LockRequest): void;
}
