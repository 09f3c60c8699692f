/** The nouns of Lockstep. Plain data: every value survives JSON. Times are milliseconds since the Unix epoch. */

import type { Policy } from "../config/policy.js";
import type { TagNames } from "../config/tags.js";
import type { Mode } from "../names/role.js";
import type { Case, PlannedCause } from "./causes.js";
import type { Memory, RunRequest } from "./memory.js";

export type { CopyRule } from "../config/copy.js";
export type { Policy } from "../config/policy.js";
export type { Retain } from "../config/retain.js";
export type { Select, TagExpression, TagSelect } from "../config/select.js";
export type { Settings } from "../config/settings.js";
export type { TagNames } from "../config/tags.js";
export type { Mode, Role } from "../names/role.js";
export type { Announced, Approval, Memory, Refused, RunRequest, SelectedCount } from "./memory.js";

/** What `kinds` of a policy names and the tag `lockstep:kind` tells: instance, volume, … of which each kind has its own. */
export type ResourceKind = string;

/** What is backed up of a resource: each member gives a point one artifact. */
export interface Member {
  readonly id: string;
  readonly sizeGiB: number;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** What only its kind understands. */
  readonly detail?: unknown;
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
  /** What only its kind understands. */
  readonly detail?: unknown;
}

export type ArtifactState = "completed" | "pending" | "error";

/** What AWS holds of one member inside a point. */
export interface Artifact {
  readonly id: string;
  /** What it was taken of, also on copies. */
  readonly member: string;
  readonly state: ArtifactState;
  /** When AWS started it. */
  readonly startedAt: number;
  /** On copies: when the original was started, which is the age of the data. A copy's own start says nothing about that. */
  readonly takenAt?: number;
  /** 0 to 100. */
  readonly progress: number;
  readonly sizeGiB: number;
  /** On copies: the artifact it was copied from. */
  readonly source?: string;
  /** Why AWS failed it, when `state` is `error`. */
  readonly cause?: string;
  /** Reasons of others to keep it: `KeepForever`, `in use by ami-…`, `locked (governance) until …`. */
  readonly holds: readonly string[];
  /** What only its kind understands. */
  readonly detail?: unknown;
}

/** How consistent the data in a point is. */
export type Level = "crash" | "application";

/** One backup of one resource in one region. Artifacts of several members are one point; a copy has its source's id. */
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
  /** How many artifacts make it whole. */
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
      /** What lives there, in a home region; others have none that matter. */
      readonly resources: readonly Resource[];
      /** Ids of members that are there, beside those of the resources. @default none */
      readonly otherMembers?: readonly string[];
      readonly points: readonly Point[];
      /** Copies of the kind in progress into this region, whoever started them. */
      readonly copiesInFlight: number;
      /** By the name of a quota of the kind, how much of it the account has used here, whoever did. @default nobody knows */
      readonly usage?: Readonly<Record<string, number>>;
    }
  | { readonly complete: false; readonly reason: string };

/** Everything a plan depends on. */
export interface Inventory {
  readonly now: number;
  /** The kind that all of this is of. */
  readonly kind: string;
  /** Where the resources live. */
  readonly home: string;
  readonly policies: readonly Policy[];
  readonly regions: Readonly<Record<string, RegionView>>;
  readonly requests: readonly RunRequest[];
  readonly limits: Limits;
  /** By their names the kind's quotas that AWS raised. @default none */
  readonly quotas?: Readonly<Record<string, number>>;
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
  /** Copies in progress per destination region and kind that AWS allows. */
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
  /** Those that the point has an artifact of. */
  readonly members: readonly Member[];
  /** The rule that its tag will tell. */
  readonly recorded?: string;
  /** What only its kind understands. */
  readonly detail?: unknown;
}

/** Copies one artifact of a point. */
export interface Copy extends Decision {
  readonly do: "copy";
  readonly kind: ResourceKind;
  readonly home: string;
  readonly from: string;
  readonly scheduled: number;
  readonly size: number;
  readonly level: Level;
  readonly artifact: Artifact;
  /** The failed try that this one follows. @default it is the first */
  readonly after?: string;
  readonly kmsKey?: string;
  /** The rule of the region it is copied to, which its tag will tell. */
  readonly recorded?: string;
  /** What only its kind understands. */
  readonly detail?: unknown;
}

/** What AWS has no room for in the call that makes a point, on artifacts that still lack it. */
export interface Finalize extends Decision {
  readonly do: "finalize";
  readonly kind: ResourceKind;
  readonly artifacts: readonly string[];
  /** What only its kind understands. */
  readonly detail?: unknown;
}

export interface Delete extends Decision {
  readonly do: "delete";
  readonly kind: ResourceKind;
  readonly artifacts: readonly string[];
}

/** A delete that a person must approve first. */
export interface PendingApproval extends Decision {
  readonly do: "pending-approval";
  readonly kind: ResourceKind;
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
  /** Absent where it is about a policy or a region as a whole, whatever kinds they have. */
  readonly kind?: string;
}

export type Action = Create | Copy | Finalize | Delete | PendingApproval | Keep | Alert;
