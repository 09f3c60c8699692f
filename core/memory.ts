/** What a controller remembers beside what AWS shows. Plain data, as all of the model. */

/** What people were told: that a resource is no more, and its last point will go. */
export interface Announced {
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly since: number;
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

/** What a controller remembers between its runs, beside what AWS shows. */
export interface Memory {
  readonly announced: readonly Announced[];
  /** @default nothing is known of earlier runs */
  readonly selected?: readonly SelectedCount[];
}
