import type { EventEntry } from "../emulator/emulator.js";
import type { EventFaults } from "../faults/events.js";
import type { ServiceEvent } from "../plane.js";

/** Puts entries on the default bus of a region. */
export type Deliver = (region: string, entries: readonly EventEntry[]) => Promise<void>;

/** "Entries: maximum number of 10 items" (EventBridge API reference, PutEvents). */
const ENTRIES_MAX = 10;

interface Waiting {
  readonly region: string;
  readonly entry: EventEntry;
}

/** Carries events of our planes to EventBridge, in the order they were emitted, with the faults asked for. */
export class ServiceEvents {
  readonly #faults: EventFaults;
  readonly #deliver: Deliver;
  /** Emitted while others are on their way. */
  readonly #waiting: Waiting[] = [];
  #carrying: Promise<void> | undefined;

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
  async settled(): Promise<void> {
    await this.#carrying;
  }

  #enqueue(region: string, entry: EventEntry): void {
    this.#waiting.push({ region, entry });
    this.#carrying ??= this.#carry();
  }

  async #carry(): Promise<void> {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const { region } = first;
      const other = this.#waiting.findIndex((one) => one.region !== region);
      const entries = this.#waiting.splice(0, Math.min(other === -1 ? this.#waiting.length : other, ENTRIES_MAX));
      await this.#deliver(
        region,
        entries.map(({ entry }) => entry),
      ).catch((error: unknown) => {
        const types = [...new Set(entries.map(({ entry }) => entry.DetailType))].join(", ");
        console.error(`${entries.length} events (${types}) were not delivered:`, error);
      });
    }
    // Here, not when the promise is seen to end: what is emitted in between would wait for the next event.
    this.#carrying = undefined;
  }
}
