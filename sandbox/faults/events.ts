import type { ServiceEvent } from "../plane.js";
import { Countdown } from "./countdown.js";

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

export class EventFaults extends Countdown<EventFault> {
  /** After how many milliseconds to deliver the event, each time. Uses up the first fault that fits. */
  deliveries(event: ServiceEvent): readonly number[] {
    const fault = this.use(
      ({ detailType = event.detailType, event: name = event.detail["event"] }) =>
        detailType === event.detailType && name === event.detail["event"],
    );
    switch (fault?.mode) {
      case undefined:
        return [0];
      case "lost":
        return [];
      case "doubled":
        return [0, 0];
      case "late":
        return [fault.millis ?? 1000];
    }
  }
}
