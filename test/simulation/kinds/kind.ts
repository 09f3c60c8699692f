import type { KindRules } from "../../../core/model/kind.js";
import type { Copy, Create, Finalize, Point, Resource, Settings } from "../../../core/model/model.js";
import type { CopyRequest, LockRequest, SetRequest } from "../../cloud/requests.js";
import type { Account, Recording, Shelf } from "../../cloud/shelf.js";
import type { Tags } from "../../cloud/snap.js";
import type { Dice } from "../dice.js";
import type { MachineSpec, TroubleKind } from "../scenario.js";
import type { Machine } from "../world/machines.js";
import type { Snap } from "../world/snap.js";

/**
 * What the simulator of the planner asks of a kind: how AWS behaves there over time, and what a stack reads and calls. Weather, people,
 * judges and planted mistakes are the same for all. README.md beside this file says how to add one.
 */
export interface KindWorld {
  readonly rules: KindRules;
  readonly pace: Pace;
  /** Troubles that cannot come to it, or after which nobody could keep a promise. */
  readonly spared: readonly TroubleKind[];
  /** Troubles that come more often than elsewhere, once more for each time that they are named. @default none */
  readonly often?: readonly TroubleKind[];
  /** AWS's code for an artifact that is not there. */
  readonly notFound: string;
  readonly draw: Drawing;
  /** What AWS has of it in memory, without any weather. Whatever it makes is recorded by `record`. */
  service(account: Account, record: Recording<Snap>): Service;
  /** The n-th thing that a resource consists of; undefined where there is no more to it. */
  partOf(spec: MachineSpec, n: number): { readonly id: string; readonly device: string } | undefined;
  /** A resource as a survey sees it. */
  resourceOf(machine: Machine): Resource;
  /** The points that a survey makes of what AWS lists in a region, by the kind's own code. */
  read(shown: readonly Shown[], where: Where): Reading;
  /** The calls that a planned action means; of a create undefined where the kind waits with it. */
  requestOf(action: Create, settings: Settings): SetRequest | undefined;
  copyRequestOf(action: Copy, settings: Settings): CopyRequest;
  /** @default nothing is locked */
  readonly lockOf?: (action: Create | Copy | Finalize) => LockRequest | undefined;
  /** Which tags make points of what others made. @default nobody else makes any */
  readonly takeIn?: (taking: Taking) => readonly { readonly artifact: string; readonly tags: Tags }[];
  /** What AWS never does of a resource, so that nobody may try it. By hand: the judges go by it. @default it does all */
  readonly never?: (resource: string) => "create" | "copy" | undefined;
  /** How much of each quota is used: by what is listed, and by others, who fill it up to this share. @default nobody tells */
  readonly usage?: (listed: Iterable<Snap>, filled: number) => Readonly<Record<string, number>>;
  /** Whether an artifact that breaks is gone without a trace, instead of being there as failed. @default never */
  readonly dies?: (snap: Snap, dice: Dice) => boolean;
}

/** A service in memory: carries out at once, with AWS's limits and errors, and ends nothing by itself. */
export interface Service
  extends Pick<
    Shelf<Snap>,
    "regions" | "in" | "copiesIn" | "copy" | "repeat" | "find" | "remove" | "tag" | "place" | "end"
  > {
  create(region: string, request: SetRequest): readonly Snap[];
  /** Throws where something stands in its way. */
  delete(region: string, id: string): Snap;
  /** @default there are no locks */
  lock?(region: string, id: string, request: LockRequest): Snap;
}

/** Shortest and longest; short ones are as likely as long ones. */
type Span = readonly [number, number];

/** How long things take where nothing disturbs, and what the judges therefore allow. */
export interface Pace {
  readonly createMs: Span;
  readonly copyMs: Span;
  /** From the call until it is gone. @default at once */
  readonly deleteMs?: Span;
  /** From a slot until its point is whole, with a look that comes late and a failed try. */
  readonly createAllowance: number;
  /** From then until its copy is whole, with those that have their turn before it. */
  readonly copyAllowance: number;
  /** What AWS is at for longer hangs, and is told and passed. */
  readonly hangsAfter: number;
  /** What hangs fails after so long. @default it never ends */
  readonly stuckMs?: number;
  /** Copies in progress into one region that a stack may bring about, as AWS's quota and the reserve have it. */
  readonly copySlots: number;
}

/** What AWS lists, with the tags that it is taken to have. */
export interface Shown {
  readonly snap: Snap;
  readonly tags: Tags;
}

export interface Where {
  readonly deployment: string;
  readonly region: string;
  readonly now: number;
}

export interface Reading {
  readonly points: readonly Point[];
  /** When it reads otherwise, though nothing has changed: a lock ends. */
  readonly until: number;
}

export interface Taking {
  readonly settings: Settings;
  readonly resources: readonly Resource[];
  readonly listed: readonly Snap[];
  readonly now: number;
  /** What an artifact of others is taken for. */
  readonly as: (snap: Snap) => Snap;
}

/** How often points are due, with the gap for reckoning. */
export interface Rhythm {
  readonly schedule: string;
  readonly gap: number;
  readonly timezone?: string;
}

/** What is drawn by chance, beside what is drawn for every kind. The same number draws the same: `where` names what it is for. */
export interface Drawing {
  /** Three of those that the kind is in. */
  readonly regions: readonly [string, string, string];
  readonly rhythms: readonly [Rhythm, ...Rhythm[]];
  /** Resources in one home at most. */
  readonly most: number;
  /** `kinds` and the kind's own section of the n-th policy. */
  policy(n: number, copies: string, dice: Dice): object;
  /** Its section in the rule of a copy. */
  copyRule(where: string, dice: Dice): object;
  resource(of: DrawnFor, dice: Dice): Pick<MachineSpec, "id" | "kind" | "volumes">;
}

export interface DrawnFor {
  readonly region: string;
  /** Which of the region's. */
  readonly n: number;
  /** Number of its policy. */
  readonly policy: number;
}
