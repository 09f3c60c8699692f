import type { NetworkEntity } from "../network/model.js";
import type { Base, ClientToken } from "./base.js";

/** What the plane remembers. Values are replaced, never changed; every value survives JSON. Times are epoch milliseconds. */

interface KeyCheck {
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  /** A KMS key, as the caller named it, that EBS has not looked at yet. */
  readonly keyToCheck?: string;
}

export interface Attachment {
  readonly instance: string;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly at: number;
}

export interface Volume extends Base, KeyCheck {
  readonly kind: "volume";
  readonly state: "creating" | "available" | "in-use";
  readonly size: number;
  readonly zone: string;
  readonly createdAt: number;
  readonly type: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly snapshot?: string;
  readonly initializationRate?: number;
  readonly attachment?: Attachment;
  /** The file with its bytes; none for a volume that was never written. */
  readonly content?: string;
  /** The first volume of the chain of volumes, snapshots and copies that this one belongs to. */
  readonly lineage: string;
  readonly token?: ClientToken;
}

interface CopyOrigin {
  readonly region: string;
  readonly snapshot: string;
  readonly transfer: "standard" | "time-based";
  readonly minutes?: number;
  readonly incremental: boolean;
}

export interface SnapshotLock {
  readonly mode: "governance" | "compliance";
  readonly setAt: number;
  readonly days: number;
  /** Where it was given instead of the days. */
  readonly expiresOn?: number;
  readonly coolOffHours?: number;
}

export interface Snapshot extends Base, KeyCheck {
  readonly kind: "snapshot";
  readonly state: "pending" | "completed" | "error";
  readonly volume: string;
  readonly size: number;
  readonly description: string;
  readonly startedAt: number;
  /** When it ends, if nothing happens before. */
  readonly dueAt: number;
  readonly endedAt?: number;
  /** How it will end, or why it did. */
  readonly failure?: string;
  /** Deleted while pending: goes when it has ended. */
  readonly deleted?: true;
  /** Snapshots of one CreateSnapshots call share this. */
  readonly set?: string;
  readonly copy?: CopyOrigin;
  /** The key of a copy's source, in the source's region: EBS has to decrypt what it copies. */
  readonly sourceKeyToCheck?: string;
  readonly lock?: SnapshotLock;
  readonly content?: string;
  readonly writtenBytes: number;
  readonly lineage: string;
}

/** A disk of an AMI. */
export interface ImageDevice {
  readonly name: string;
  readonly snapshot: string;
  readonly size: number;
  readonly type: string;
  readonly deleteOnTermination: boolean;
}

export type Architecture = "i386" | "x86_64" | "arm64";

/** An AMI of the account. Others are not remembered, since any id is one of Amazon's (images.ts). */
export interface OwnImage extends Base {
  readonly kind: "image";
  readonly name: string;
  readonly description: string;
  readonly architecture: Architecture;
  readonly virtualization: "hvm" | "paravirtual";
  readonly ena: boolean;
  readonly rootDevice: string;
  readonly devices: readonly ImageDevice[];
  readonly createdAt: number;
  readonly disabled?: true;
  /** It is remembered only so that its id is not taken for one of Amazon's. */
  readonly deregistered?: true;
}

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";

export interface Instance extends Base {
  readonly kind: "instance";
  readonly state: InstanceState;
  readonly reservation: string;
  readonly launchIndex: number;
  readonly image: string;
  /** The image's. */
  readonly architecture: Architecture;
  readonly type: string;
  readonly zone: string;
  readonly launchedAt: number;
  readonly rootDevice: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly securityGroups: readonly string[];
  readonly privateIp: string;
  /** It gets a public address whenever it starts: the subnet gave one at the launch. */
  readonly isPublic?: boolean;
  /** While it runs. */
  readonly publicIp?: string;
  /** The request that a Spot Instance came of. */
  readonly spot?: string;
  /** The launch template that it was made from. */
  readonly template?: { readonly id: string; readonly version: number };
  readonly profile?: string;
  readonly userData?: string;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: "stop" | "terminate";
  readonly metadata: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly stateReason?: { readonly code: string; readonly message: string };
  readonly terminatedAt?: number;
  readonly token?: ClientToken;
}

export type Entity = Volume | Snapshot | Instance | OwnImage | NetworkEntity;
