import type { EventEntry } from "../emulator/emulator.js";
import type { EventFaults } from "../faults/events.js";
import type { ServiceEvent } from "../plane.js";

/** Puts entries on the default bus of a region. */
export type Deliver = (region: string, entries: readonly EventEntry[]) => Promise<void>;

/** Carries events of our planes to EventBridge, in the order they were emitted, with the faults asked for. */
export class ServiceEvents {
  readonly #faults: EventFaults;
  readonly #deliver: Deliver;
  #last: Promise<void> = Promise.resolve();

  constructor(deliver: Deliver, faults: EventFaults) {
    this.#deliver = deliver;
    this.#faults = faults;
  }

  emit(event: ServiceEvent): void {
    const entry = {
      Source: event.source,
      DetailType: event.detailType,
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
      // The envelope's time has whole seconds.
      Time: Math.floor(event.time / 1000),
    };
    // Each delivery is an event of its own; AWS's doubles have the same content.
    for (const millis of this.#faults.deliveries(event)) {
      if (millis === 0) this.#enqueue(event.region, entry);
      // Lost if the sandbox ends first: delivery is best effort.
      else setTimeout(() => this.#enqueue(event.region, entry), millis).unref();
    }
  }

  /** Resolves when all that was emitted is delivered, but for what comes late. */
  settled(): Promise<void> {
    return this.#last;
  }

  #enqueue(region: string, entry: EventEntry): void {
    this.#last = this.#last
      .then(() => this.#deliver(region, [entry]))
      .catch((error: unknown) => console.error(`the event ${entry.DetailType} was not delivered:`, error));
  }
}
