import type { Job } from "../report.js";

/** What was done in a simulated time. */
export interface Done {
  readonly runs: number;
  readonly points: number;
  readonly copies: number;
  readonly deletes: number;
  readonly rpoChecks: number;
  readonly troubles: number;
}

/** What a worker says of one seed. */
export interface Answer {
  readonly job: Job;
  readonly done: Done;
  /** Its story, where a promise is broken. */
  readonly failure?: string;
}
