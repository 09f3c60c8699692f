import type { KindConfig } from "../config/kinds.js";
import type { KindAdvice, PlannedCause } from "./causes.js";
import type { Alert, Artifact, Limits, Member, Point, Policy, Resource, TagNames } from "./model.js";

/** What people call the parts of a kind, in messages. */
export interface KindWords {
  /** The AWS service that is at work. */
  readonly service: string;
  readonly artifact: string;
  readonly artifacts: string;
  readonly member: string;
  readonly members: string;
}

/** An alert before it is one. */
export type Told = Omit<Alert, "do">;

/** What of a resource a policy's points are made of. */
export interface Protection {
  readonly members: readonly Member[];
  /** Why no point can be made of it. */
  readonly problem?: { readonly cause: PlannedCause; readonly reason: string };
}

/** Whose points hold a resource's data too, so that its own are unneeded. */
export interface StandIn {
  readonly policy: string;
  readonly resource: string;
}

/** What policies select of a kind, and how each policy holds for a resource. */
export interface Estate {
  readonly policies: readonly Policy[];
  /** By the name of the policy. */
  readonly selected: ReadonlyMap<string, readonly Resource[]>;
  /** A policy with what the resource's own tags say in its place. */
  readonly effective: (policy: Policy, resource: string) => Policy;
}

/** The stack's own tags and names of tags, which kinds put on what they make. */
export interface Naming {
  readonly home: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly tagNames?: TagNames;
}

/** A point that is about to be made. */
export interface Making extends Naming {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly members: readonly Member[];
  readonly point: string;
  readonly scheduled: number;
}

/** A point that is about to be copied. */
export interface Copying extends Naming {
  readonly policy: Policy;
  /** Undefined where it is no more. */
  readonly resource: Resource | undefined;
  readonly point: Point;
  /** Where the copy will be. */
  readonly region: string;
}

/** The points of one resource under one policy in one region. */
export interface Standing extends Naming {
  /** As it is now; undefined where there is none any more. */
  readonly policy: Policy | undefined;
  /** Undefined where it is no more, or not known. */
  readonly resource: Resource | undefined;
  readonly region: string;
  readonly now: number;
}

/** Says of a point, by its artifacts that count, what is still to be done on it. */
export type Finishing = (point: Point, artifacts: readonly Artifact[]) => readonly Unfinished[];

/** What the call that made a point had no room for, and is still to be done. */
export interface Unfinished {
  readonly reason: string;
  readonly artifacts: readonly string[];
  readonly detail?: unknown;
  /** Why nothing of the point may be deleted before that is done. @default it may */
  readonly keeps?: string;
}

/** Selected resources of a kind under one policy, for what only the kind can say about them. */
export interface Selecting extends Naming {
  readonly policy: Policy;
  /** Those whose kind and tags the policy wants. */
  readonly wanted: readonly Resource[];
  readonly selected: readonly Resource[];
}

/**
 * What the planner and the reports must know of a kind: pure, without AWS. A kind is one more entry of the table that is handed in
 * where a run starts; nothing of core/ imports one.
 */
export interface KindRules {
  /** Its folder under kinds/, and the same word everywhere. */
  readonly kind: string;
  /** What `kinds` of a policy names of it. Points are planned in this order: what comes first may stand in for what follows. */
  readonly resourceKinds: readonly string[];
  readonly words: KindWords;
  /** What a person can do, where the kind knows better than what is true of every kind. @default nothing */
  readonly advice?: KindAdvice;
  /** What it adds to the config. */
  readonly config: KindConfig;
  /** How long until the next look while anything of it is in flight. */
  readonly lookAgainMs: number;
  /** Copies in progress into one region, of all origins. */
  readonly limits: Limits;
  /** Which of the quotas in its config artifacts of a resource count towards; `detail` is the resource's, or an artifact's. @default none */
  quotaOf?(of: { readonly kind: string; readonly detail?: unknown }): string | undefined;
  /** For estimates, not for decisions. Prices in US dollars, of us-east-1: other regions cost more or less, and prices change. */
  readonly costs: { readonly storageGbMonth: number; readonly transferGb: number; readonly copyMibPerS: number };
  /** How long AWS may be at an artifact before it hangs. */
  hangsAfterMs(artifact: Pick<Artifact, "sizeGiB">): number;
  /** Whether a policy whose kinds and tags want a resource takes it, as far as the kind's own section decides. */
  takes(policy: Policy, resource: Resource): boolean;
  /** Why a policy leaves out a resource that it would take: people are told, since it may have been meant. @returns none: it is meant */
  leftOut(policy: Policy, resource: Resource): readonly string[];
  protects(policy: Policy, resource: Resource): Protection;
  /** What a person should know of a policy's selection, beside what holds for every kind. */
  aboutSelection(selecting: Selecting): readonly Told[];
  /** Whose points stand in for those of a resource; asked once for a plan, then for each resource. */
  standIns(estate: Estate): (policy: Policy, resource: Resource) => readonly StandIn[];
  /** What goes with an action, opaque to everybody else. */
  createDetail(making: Making): unknown;
  copyDetail(copying: Copying): unknown;
  /** Asked once for all points of a standing. @returns undefined where nothing is ever left to be done */
  finishing(standing: Standing): Finishing | undefined;
}

/** All kinds, by their name. */
export type RulesTable = Readonly<Record<string, KindRules>>;

/** The name of the kind that has such resources. */
export const kindWith = (table: RulesTable, resourceKind: string): string | undefined =>
  Object.values(table).find(({ resourceKinds }) => resourceKinds.includes(resourceKind))?.kind;

/** What a table has for a kind; a kind that nobody handed in is a fault of the program. */
export function rulesOf<Rules>(table: Readonly<Record<string, Rules>>, kind: string): Rules {
  const found = table[kind];
  if (found === undefined) throw new Error(`there are no rules of the kind "${kind}"`);
  return found;
}
