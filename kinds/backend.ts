import type { Manifest } from "../core/model/manifest.js";
import type { Copy, Create, Delete, Finalize, Point, Resource, Settings } from "../core/model/model.js";
import type { Importer } from "./importer.js";
import type { Log } from "./lib/log.js";

/** The calls to AWS of one kind, as the functions see them: types only, so that whoever calls a backend bundles none. */

/** Looks whether a point can be restored from. Nothing plans it yet. */
export type Verify = Omit<Delete, "do"> & { readonly do: "verify" };

/** What makes a point: nobody may do it twice. */
export type Make = Create | Copy;

/** What changes a region, or looks closer at it. */
export type Task = Make | Finalize | Delete | Verify;

/** AWS's code, where it gave one, and words for people. */
export interface Why {
  readonly code?: string;
  readonly message: string;
}

/** It is so now; also where it was so already. */
export interface Done {
  readonly is: "done";
  /** What was made, finalized, deleted or seen. */
  readonly artifacts: readonly string[];
}

/** A workflow of the kind is under way, which ends as a point or a failure, or with a point gone. Its row was written before it started (`Context.begin`). */
export interface Started {
  readonly is: "started";
  /** When it has ended for sure: until then nobody starts another one. */
  readonly until: number;
}

/** Not now, and no failure: throttled, or a quota is used up. Nothing was done, and a later run does it. */
export interface Later {
  readonly is: "later";
  readonly why: Why;
  /** What was done of it before. @default none */
  readonly artifacts?: readonly string[];
  /** The quota does not free itself: somebody must raise it. @default false */
  readonly lasting?: true;
  /** Why the kind can do no more of this now, so that the rest need not be tried. */
  readonly stop?: string;
}

/** Something uses or locks it, so it stays; or it needs nothing any more. */
export interface Kept {
  readonly is: "kept";
  readonly why: Why;
  readonly artifacts?: readonly string[];
}

export interface Failed {
  readonly is: "failed";
  readonly why: Why;
  readonly artifacts?: readonly string[];
  /** There was no answer, or none that says so: it may have been done. @default false */
  readonly unsure?: true;
  /** AWS never does that of such a resource: it is told, not tried again for long, and not waited for. @default false */
  readonly lasting?: true;
}

/** What became of one task. */
export type Answer = Done | Started | Later | Kept | Failed;

/** What there is already of something that is to be made. */
export interface Found {
  readonly alive: readonly string[];
  /** They hold no data and do not count as made. */
  readonly failed: readonly string[];
}

/** What a task is done for. */
export interface Context {
  readonly runId: string;
  readonly settings: Settings;
  readonly log: Log;
  /** What the members of a copied point were when it was made, as the own bucket has it; undefined where nobody knows. */
  readonly manifestOf: (copy: Copy) => Promise<Manifest | undefined>;
  /** Writes the row of a workflow that makes something, before it is started. Answers with the name for its execution, which no other has. */
  readonly begin: (make: Make, workflow: Workflow) => Promise<string>;
  /** The same for one that deletes; where that is under way already, or failed a short time ago, what the backend answers. */
  readonly beginDelete: (action: Delete, workflow: Workflow) => Promise<string | Answer>;
}

/** An execution of a state machine of the kind, which the backend starts under the name that it is given. */
export interface Workflow {
  /** The name of the state machine, of core/names. */
  readonly machine: string;
  /** When it has ended for sure, whatever became of it. */
  readonly until: number;
}

/** Something with our ownership tag that belongs to no point. It may be somebody's own copy of ours: it is never deleted. */
export interface Stray {
  readonly artifact: string;
  readonly problem: string;
}

/** What one region holds of one kind. */
export interface Whole {
  readonly complete: true;
  /** When it was begun to be read. */
  readonly asOf: number;
  /** Of a home region; others have none that matter. */
  readonly resources: readonly Resource[];
  /** Ids of members that are there beside those of the resources. @default none */
  readonly otherMembers?: readonly string[];
  readonly points: readonly Point[];
  /** Copies in progress into the region, whoever started them. */
  readonly copiesInFlight: number;
  /** By the name of a quota of the kind, how much of it is used, whoever did. @default the kind has none */
  readonly usage?: Readonly<Record<string, number>>;
  /** @default none */
  readonly strays?: readonly Stray[];
}

/** All of a region that is of one kind, or nothing that may be relied on. */
export type KindView = Whole | { readonly complete: false; readonly reason: string };

/** How a region is looked at. */
export interface Look {
  readonly settings: Settings;
  /** Whether resources are read too. */
  readonly isHome: boolean;
  readonly now: number;
  /** Nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface Backend {
  /** Reads all of a region. An error, of one page even, makes the region unknown for this kind. */
  list(region: string, look: Look): Promise<Whole>;
  /** What of these is there already in the own region, in their order; asked before any of them is made. */
  find(makes: readonly Make[], of: Pick<Context, "settings">): Promise<readonly Found[]>;
  /** Does tasks of one verb in the own region. One answer for each, in their order; one task's error stays its own. */
  do(tasks: readonly Task[], context: Context): Promise<readonly Answer[]>;
  /** Makes points of what others made, in the own region, where the kind knows how. */
  readonly importer?: Importer;
}
