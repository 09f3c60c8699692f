/** What people asked for and were told, kept between runs. Plain data, as all of the model. */

/** Asked for by a person: make a point now, beside the schedule. */
export interface RunRequest {
  readonly at: number;
  /** Only this policy; all without it. */
  readonly policy?: string;
  /** Only these resources; all without it. */
  readonly resources?: readonly string[];
}

/** What people were told: that a resource is no more, and its last point will go. */
export interface Announced {
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly since: number;
}

/** A person's yes to deleting just these snapshots. */
export interface Approval {
  readonly region: string;
  readonly artifacts: readonly string[];
  /** After this time it says nothing any more. */
  readonly until: number;
}

/** How many resources a policy selected in the last run. */
export interface SelectedCount {
  /** Home of the resources. */
  readonly region: string;
  readonly policy: string;
  readonly count: number;
  /** Since when less than half of them are selected; `count` is then from before. */
  readonly since?: number;
}

/**
 * Something of a resource that AWS said it never does, as a copy of a type that the region does not serve. It would say so again: so it is
 * not tried until then, and not waited for.
 */
export interface Refused {
  readonly do: "create" | "copy";
  /** Where it would be done. */
  readonly region: string;
  readonly resource: string;
  /** AWS's words. */
  readonly reason: string;
  readonly until: number;
}

/** What a controller remembers between its runs, beside what AWS shows. */
export interface Memory {
  readonly announced: readonly Announced[];
  /** @default nothing is known of earlier runs */
  readonly selected?: readonly SelectedCount[];
  /** @default none */
  readonly approved?: readonly Approval[];
  /** In all regions that are looked at. @default none */
  readonly refused?: readonly Refused[];
}
