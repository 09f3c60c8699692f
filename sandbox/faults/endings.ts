import { Countdown } from "./countdown.js";

/** The next snapshots or copies that begin end in `error`, as AWS's do when something fails behind the API. */
export interface EndingFault {
  /** As the event that will tell of it calls it; any without it. */
  readonly event?: SnapshotEvent;
  readonly region?: string;
  /** What the event, and the snapshot's state message, say. */
  readonly cause: string;
  /** How many snapshots, copies or sets it hits before it is used up. */
  readonly times: number;
}

/** The events of CreateImage's snapshots are createSnapshot too; createImage means the whole AMI, which ends as `failed`. */
export const SNAPSHOT_EVENTS = ["createSnapshot", "createSnapshots", "copySnapshot", "createImage"] as const;
export type SnapshotEvent = (typeof SNAPSHOT_EVENTS)[number];

export class EndingFaults extends Countdown<EndingFault> {
  /** Why what begins now will fail; undefined when it will not. Uses up the first fault that fits. */
  causeOf(region: string, event: SnapshotEvent): string | undefined {
    return this.use((fault) => (fault.event ?? event) === event && (fault.region ?? region) === region)?.cause;
  }
}
