import type { ServiceEvent } from "../plane.js";

/** What happens to the next events that fit: AWS delivers events of services at least once, on a best effort. */
export interface EventFault {
  /** Only events of this detail-type; any without it. */
  readonly detailType?: string;
  /** Only events whose `detail.event` is this, as `copySnapshot`; any without it. */
  readonly event?: string;
  readonly mode: "lost" | "doubled" | "late";
  /** How late an event that comes late is. @default 1000 */
  readonly millis?: number;
  /** How many events it hits before it is used up. */
  readonly times: number;
}

/** Faults asked for and not yet used up. */
export class EventFaults {
  #pending: EventFault[] = [];

  add(fault: EventFault): void {
    this.#pending.push(fault);
  }

  list(): readonly EventFault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** After how many milliseconds to deliver the event, each time. Uses up the first fault that fits. */
  deliveries(event: ServiceEvent): readonly number[] {
    const index = this.#pending.findIndex(
      (fault) =>
        (fault.detailType === undefined || fault.detailType === event.detailType) &&
        (fault.event === undefined || fault.event === event.detail["event"]),
    );
    const fault = this.#pending[index];
    if (!fault) return [0];
    const left = { ...fault, times: fault.times - 1 };
    this.#pending.splice(index, 1, ...(left.times > 0 ? [left] : []));
    switch (fault.mode) {
      case "lost":
        return [];
      case "doubled":
        return [0, 0];
      case "late":
        return [fault.millis ?? 1000];
    }
  }
}
