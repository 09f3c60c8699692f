/** The nouns of Lockstep. Plain data: every value survives JSON. Times are milliseconds since the Unix epoch. */

import type { Carried, CopyTags, Exclude, Excluded, Select } from "./scope.js";

export type { Carried, CopyTags, Exclude, Excluded, Select, TagExpression } from "./scope.js";

/** What a stack is for: it protects (`primary`), it keeps proven copies (`dr`), or it is worth protecting (`workload`). */
export type Role = "primary" | "dr";

/** Whether a stack does what it plans; `plan`: it looks, plans and tells, and makes, copies and deletes nothing. */
export type Mode = "act" | "plan";

/** How long points stay. A point stays when any rule keeps it; at least one rule is given. */
export interface Retain {
  /** Keep this many of the newest completed points. */
  readonly count?: number;
  /** Keep points that started within this many milliseconds of the newest completed one. */
  readonly ageMs?: number;
  /** Keep the newest point of each hour, of as many hours as have one; days, weeks (from Monday), months and years likewise. */
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
}

/** A region that must hold a copy of each point, with its own retention. */
export interface CopyRule {
  readonly region: string;
  readonly retain: Retain;
  /** Encrypts the copies: id or ARN of a key of that region, or an alias. The source's state and the region's default decide without it. */
  readonly kmsKey?: string;
}

/** What to protect, when, and for how long, as read from the stack's config. */
export interface Policy {
  readonly name: string;
  readonly select: Select;
  /** @default instances only */
  readonly kinds?: readonly ResourceKind[];
  /** `rate(15 minutes)` or an AWS cron of six fields, `cron(0 3 * * ? *)`. */
  readonly schedule: string;
  /** IANA name of the zone that the cron's times, and the days, weeks, months and years of retention, are in. @default UTC */
  readonly timezone?: string;
  readonly exclude?: Exclude;
  /** @default none */
  readonly copyTags?: CopyTags;
  readonly retain: Retain;
  readonly copy: readonly CopyRule[];
}

/** The settings of one stack: what its controller reads at the start of each run. */
export interface Settings {
  /** Tells several deployments in one account apart; first part of every name, value of the ownership tag. */
  readonly deployment: string;
  readonly role: Role;
  /** @default act */
  readonly mode?: Mode;
  readonly region: string;
  /** Primary: the DR regions. DR: the primary regions whose copies it pulls. */
  readonly peers: readonly string[];
  /** Put on every resource and recovery point. */
  readonly tags: Readonly<Record<string, string>>;
  readonly policies: readonly Policy[];
}

/** An instance with its volumes is one resource; a volume is one alone, whatever it is attached to. */
export type ResourceKind = "instance" | "volume";

/** A disk of a protected resource. */
export interface Volume {
  readonly id: string;
  readonly device: string;
  readonly boot: boolean;
  readonly sizeGiB: number;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Something worth protecting, as seen in its home region. */
export interface Resource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly region: string;
  /** Value of its Name tag, else its id. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly volumes: readonly Volume[];
}

export type PartState = "completed" | "pending" | "error";

/** The snapshot of one volume inside a point. */
export interface Part {
  readonly snapshot: string;
  /** The volume it was taken of, also on copies (AWS gives copies an arbitrary volume id, so this comes from our tag there). */
  readonly volume: string;
  readonly device: string;
  readonly state: PartState;
  /** When EBS started this snapshot. */
  readonly startedAt: number;
  /** On copies: when the original was started, which is the age of the data. A copy's own start says nothing about that. */
  readonly takenAt?: number;
  /** 0 to 100. */
  readonly progress: number;
  readonly sizeGiB: number;
  /** On copies: the snapshot it was copied from. */
  readonly source?: string;
  /** Why EBS failed it, when `state` is `error`. */
  readonly cause?: string;
  /** Reasons of others to keep it: `KeepForever`, `in use by ami-…`. */
  readonly holds: readonly string[];
}

/** How consistent the data in a point is. */
export type Level = "crash" | "application";

/** One backup of one resource in one region. A set of snapshots of several volumes is one point; a copy has its source's id. */
export interface Point {
  /** Identity derived from (policy, resource, scheduled time): the same in every region. */
  readonly id: string;
  readonly policy: string;
  readonly resource: string;
  readonly kind: ResourceKind;
  /** Region of the resource. */
  readonly home: string;
  /** Region that holds these bytes. */
  readonly region: string;
  /** The slot it was made for. */
  readonly scheduled: number;
  /** How many snapshots make it whole. */
  readonly size: number;
  readonly level: Level;
  readonly parts: readonly Part[];
}

/** What a survey saw of one region: all of it, or nothing that may be relied on. */
export type RegionView =
  | {
      readonly complete: true;
      /** When the survey of the region began. */
      readonly asOf: number;
      readonly points: readonly Point[];
      /** EBS copies in progress into this region, whoever started them. */
      readonly copiesInFlight: number;
    }
  | { readonly complete: false; readonly reason: string };

/** Asked for by a person: make a point now, beside the schedule. */
export interface RunRequest {
  readonly at: number;
  /** Only this policy; all without it. */
  readonly policy?: string;
  /** Only these resources; all without it. */
  readonly resources?: readonly string[];
}

/** Everything a plan depends on. */
export interface World {
  readonly now: number;
  /** Where the resources live. */
  readonly home: string;
  readonly policies: readonly Policy[];
  /** Resources of the home region; must be empty when its view is incomplete. */
  readonly resources: readonly Resource[];
  readonly regions: Readonly<Record<string, RegionView>>;
  readonly requests: readonly RunRequest[];
  readonly limits: Limits;
  /** The stack's own tags: they are on every point and take room there. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the stack that looks: what is planned is no promise where it only plans. @default act */
  readonly mode?: Mode;
}

export interface Limits {
  /** Copies in progress per destination region; AWS allows 20 (EBS quotas). */
  readonly copySlots: number;
  /** Slots left free for others. */
  readonly copyReserve: number;
}

/** What a point is, the same in every region. */
export interface PointIdentity {
  readonly policy: string;
  readonly resource: string;
  readonly kind: ResourceKind;
  readonly home: string;
  readonly point: string;
  readonly scheduled: number;
}

interface Decision {
  /** The region that the action changes. */
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly point: string;
  readonly reason: string;
}

export interface Create extends Decision {
  readonly do: "create";
  readonly kind: ResourceKind;
  readonly scheduled: number;
  /** Those that the point has snapshots of. */
  readonly volumes: readonly Volume[];
  /** What the call must leave out, where the policy excludes any. */
  readonly exclude?: Excluded;
  /** How the volumes' own tags come onto the snapshots, where the policy wants them. */
  readonly carried?: Carried;
}

/** Copies one snapshot of a point. */
export interface Copy extends Decision {
  readonly do: "copy";
  readonly kind: ResourceKind;
  readonly home: string;
  readonly from: string;
  readonly scheduled: number;
  readonly size: number;
  readonly level: Level;
  readonly part: Part;
  readonly kmsKey?: string;
  readonly copyTags?: CopyTags;
}

export interface Delete extends Decision {
  readonly do: "delete";
  readonly snapshots: readonly string[];
}

export interface Keep extends Decision {
  readonly do: "keep";
}

/** Something a person should know. `point` and `policy` are empty where the cause concerns none. */
export interface Alert extends Decision {
  readonly do: "alert";
  /** Stable name of the cause: the same trouble has the same cause and alerts once. */
  readonly cause:
    | "point-failed"
    | "copy-failed"
    | "copy-overdue"
    | "region-unknown"
    | "nothing-selected"
    | "everything-excluded"
    | "too-many-excluded"
    | "tags-left-off"
    | "duplicate-point";
}

export type Action = Create | Copy | Delete | Keep | Alert;
