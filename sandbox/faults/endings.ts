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

export const SNAPSHOT_EVENTS = ["createSnapshot", "createSnapshots", "copySnapshot"] as const;
export type SnapshotEvent = (typeof SNAPSHOT_EVENTS)[number];

/** Faults asked for and not yet used up. */
export class EndingFaults {
  #pending: EndingFault[] = [];

  add(fault: EndingFault): void {
    this.#pending.push(fault);
  }

  list(): readonly EndingFault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** Why what begins now will fail; undefined when it will not. Uses up the first fault that fits. */
  causeOf(region: string, event: SnapshotEvent): string | undefined {
    const index = this.#pending.findIndex(
      (fault) => (fault.event ?? event) === event && (fault.region ?? region) === region,
    );
    const fault = this.#pending[index];
    if (!fault) return undefined;
    const left = { ...fault, times: fault.times - 1 };
    this.#pending.splice(index, 1, ...(left.times > 0 ? [left] : []));
    return fault.cause;
  }
}
