import { Countdown } from "./countdown.js";

/** The next snapshots, backups or copies that begin end in error, as AWS's do when something fails behind the API; or never end. */
export interface EndingFault {
  /** As the event that will tell of it calls it; any without it. */
  readonly event?: EndingEvent;
  /** `stuck`: of FSx alone. */
  readonly how: "fail" | "stuck";
  readonly region?: string;
  /** What the event, the snapshot's state message or the backup's FailureDetails say. */
  readonly cause: string;
  /** How many snapshots, copies or sets it hits before it is used up. */
  readonly times: number;
}

/** The events of CreateImage's snapshots are createSnapshot too; createImage means the whole AMI, which ends as `failed`. */
export const SNAPSHOT_EVENTS = ["createSnapshot", "createSnapshots", "copySnapshot", "createImage"] as const;
export type SnapshotEvent = (typeof SNAPSHOT_EVENTS)[number];

/** FSx sends no events; these are named like EC2's. */
export const BACKUP_EVENTS = ["createBackup", "copyBackup"] as const;
export type BackupEvent = (typeof BACKUP_EVENTS)[number];

type EndingEvent = SnapshotEvent | BackupEvent;

export class EndingFaults extends Countdown<EndingFault> {
  /** Why what begins now will fail; undefined when it will not. Uses up the first fault that fits. */
  causeOf(region: string, event: SnapshotEvent): string | undefined {
    return this.use((fault) => fault.how === "fail" && fits(fault, region, event))?.cause;
  }

  /** How a backup or copy that begins now will end; undefined when well. Uses up the first fault that fits. */
  ofBackup(region: string, event: BackupEvent): { readonly failure: string } | { readonly stuck: true } | undefined {
    const fault = this.use((one) => fits(one, region, event));
    if (!fault) return undefined;
    return fault.how === "stuck" ? { stuck: true } : { failure: fault.cause };
  }
}

const fits = (fault: EndingFault, region: string, event: EndingEvent): boolean =>
  (fault.event ?? event) === event && (fault.region ?? region) === region;
