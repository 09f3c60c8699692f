/** What a stack is told to protect, as read from its config. Plain data, as all of the model. */

import type { CopyTags, Exclude, Membership, ResourceKind, Select, Templates } from "./scope.js";

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

/** How EBS keeps snapshots from being deleted, whoever asks, from their completion on. */
export interface Lock {
  /** `compliance` can be undone by nobody, once it has cooled off. */
  readonly mode: "governance" | "compliance";
  readonly days: number;
  /** How long a compliance lock can still be undone. @default not at all */
  readonly coolOffHours?: number;
}

/** A region that must hold a copy of each point, with its own retention. */
export interface CopyRule {
  readonly region: string;
  readonly retain: Retain;
  /** Encrypts the copies: id or ARN of a key of that region, or an alias. The source's state and the region's default decide without it. */
  readonly kmsKey?: string;
  /** Put on every copy. @default none */
  readonly lock?: Lock;
}

/** What to protect, when, and for how long, as read from the stack's config. */
export interface Policy {
  readonly name: string;
  readonly select: Select;
  /** @default instances only */
  readonly kinds?: readonly ResourceKind[];
  /** Members of these that `select` takes are protected too; without any, when it asks for them by their tags. @default none */
  readonly include?: readonly Membership[];
  /** Whether single volumes get points of their own where a due set of their instance has them. @default false */
  readonly also?: boolean;
  /** `any`: snapshots that others make of its volumes become its points too. @default the policy's own only */
  readonly source?: "any";
  /** `rate(15 minutes)` or an AWS cron of six fields, `cron(0 3 * * ? *)`. @default none, with `source: any`: it makes none by itself */
  readonly schedule?: string;
  /** IANA name of the zone that the cron's times, and the days, weeks, months and years of retention, are in. @default UTC */
  readonly timezone?: string;
  readonly exclude?: Exclude;
  /** @default none */
  readonly copyTags?: CopyTags;
  /** Written on points and copies: by key what the value is made of, as core/labels.ts has it. @default none */
  readonly pointTags?: Templates;
  readonly retain: Retain;
  /** Put on every point of the home region. @default none */
  readonly lock?: Lock;
  readonly copy: readonly CopyRule[];
}

/** Keys of tags that people set and Lockstep heeds. */
export interface TagNames {
  /** A snapshot with this tag, whatever its value, is never deleted. */
  readonly keepForever: string;
  /** On a resource: `Yes` says that it wants points, `No` that no policy protects it. @default not heeded */
  readonly backup?: string;
  /** On a resource: for how many days its points and copies stay. @default not heeded */
  readonly retention?: string;
  /** On a resource: the regions that its points are copied to. @default not heeded */
  readonly crossRegion?: string;
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
  /** @default those of core/tags.ts */
  readonly tagNames?: TagNames;
  /** How long after its newest point a resource that nobody protects any more keeps what its rule counts. @default 90 days */
  readonly orphanAfterMs?: number;
  /** How many points that their own rule would keep may go at once without approval. @default 1000 */
  readonly approveAbove?: number;
  readonly policies: readonly Policy[];
}
