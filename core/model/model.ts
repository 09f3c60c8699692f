/** The nouns of Lockstep. Plain data: every value survives JSON. Times are milliseconds since the Unix epoch. */

import type { Lock } from "../config/lock.js";
import type { Policy } from "../config/policy.js";
import type { TagNames } from "../config/tags.js";
import type { CopyTags } from "../config/volumes.js";
import type { Mode } from "../names/role.js";
import type { Carried, Excluded, Labels, ResourceKind } from "../names/scope.js";
import type { Case, PlannedCause } from "./causes.js";
import type { Memory, RunRequest } from "./memory.js";

export type { CopyRule } from "../config/copy.js";
export type { Lock } from "../config/lock.js";
export type { Policy } from "../config/policy.js";
export type { Retain } from "../config/retain.js";
export type { Select, TagExpression, TagSelect } from "../config/select.js";
export type { Settings } from "../config/settings.js";
export type { TagNames } from "../config/tags.js";
export type { CopyTags, Exclude } from "../config/volumes.js";
export type { Mode, Role } from "../names/role.js";
export type { Carried, Excluded, ResourceKind } from "../names/scope.js";
export type { Announced, Approval, Memory, RunRequest, SelectedCount } from "./memory.js";

/** A disk of a protected resource. */
export interface Member {
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
  readonly members: readonly Member[];
  /** An instance that AWS may take back at any time. @default false */
  readonly spot?: boolean;
}

export type ArtifactState = "completed" | "pending" | "error";

/** The snapshot of one volume inside a point. */
export interface Artifact {
  readonly id: string;
  /** The volume it was taken of, also on copies (AWS gives copies an arbitrary volume id, so this comes from our tag there). */
  readonly member: string;
  readonly device: string;
  readonly state: ArtifactState;
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
  /** Of the tags that tell its volume, those that it has. */
  readonly tagged?: readonly string[];
  /** The lock that keeps it now. */
  readonly locked?: Locked;
}

export interface Locked {
  readonly mode: Lock["mode"];
  /** Absent while the snapshot is pending: the time begins to run when it completes. */
  readonly until?: number;
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
  readonly artifacts: readonly Artifact[];
  /** The rule it was made under, as core/config/recorded.ts writes it. */
  readonly recorded?: string;
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

/** Everything a plan depends on. */
export interface Inventory {
  readonly now: number;
  /** Where the resources live. */
  readonly home: string;
  readonly policies: readonly Policy[];
  /** Resources of the home region; must be empty when its view is incomplete. */
  readonly resources: readonly Resource[];
  /** Ids of volumes that are there, beside those of the resources. @default none */
  readonly otherMembers?: readonly string[];
  readonly regions: Readonly<Record<string, RegionView>>;
  readonly requests: readonly RunRequest[];
  readonly limits: Limits;
  /** The stack's own tags: they are on every point and take room there. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the stack that looks: what is planned is no promise where it only plans. @default act */
  readonly mode?: Mode;
  /** @default those of core/names/tags.ts */
  readonly tagNames?: TagNames;
  /** Those that have a DR stack, also where this stack does not look. @default those that the policies copy to */
  readonly drRegions?: readonly string[];
  /** @default 90 days */
  readonly orphanAfterMs?: number;
  /** @default that of core/planner/guard.ts */
  readonly approveAbove?: number;
  /** @default nothing */
  readonly memory?: Memory;
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
  /** What its resource is called now. */
  readonly name: string;
  readonly scheduled: number;
  /** Those that the point has snapshots of. */
  readonly members: readonly Member[];
  /** What the call must leave out, where the policy excludes any. */
  readonly exclude?: Excluded;
  /** How the volumes' own tags come onto the snapshots, where the policy wants them. */
  readonly carried?: Carried;
  /** What the policy's templates make of it, as far as one call can put it on all snapshots. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly lock?: Lock;
  /** The rule that its tag will tell. */
  readonly recorded?: string;
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
  readonly artifact: Artifact;
  readonly kmsKey?: string;
  readonly copyTags?: CopyTags;
  /** The policy's templates, and what is known of the point. */
  readonly labels?: Labels;
  readonly lock?: Lock;
  /** The rule of the region it is copied to, which its tag will tell. */
  readonly recorded?: string;
}

/** What AWS has no room for in the call that makes a snapshot, on snapshots of a point that still lack it. */
export interface Finalize extends Decision {
  readonly do: "finalize";
  readonly artifacts: readonly string[];
  readonly lock?: Lock;
  /** By snapshot the tags that it lacks. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Delete extends Decision {
  readonly do: "delete";
  readonly artifacts: readonly string[];
}

/** A delete that a person must approve first. */
export interface PendingApproval extends Decision {
  readonly do: "pending-approval";
  readonly artifacts: readonly string[];
  /** What to approve: all that is held back in the region, under this name as long as it is the same. */
  readonly approval: string;
}

export interface Keep extends Decision {
  readonly do: "keep";
}

/** Something a person should know. `point` and `policy` are empty where the cause concerns none. */
export interface Alert extends Decision {
  readonly do: "alert";
  readonly cause: PlannedCause;
  /** Which of several cases of the cause it is, where its advice differs. */
  readonly case?: Case;
}

export type Action = Create | Copy | Finalize | Delete | PendingApproval | Keep | Alert;
