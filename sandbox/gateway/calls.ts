import type { CallCount } from "../emulator/emulator.js";

/** Counts API calls by service, action, region and caller. */
export class Calls {
  readonly #counts = new Map<string, number>();

  add(call: Omit<CallCount, "count">): void {
    const key = JSON.stringify([call.service, call.action, call.region, call.caller]);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  reset(): void {
    this.#counts.clear();
  }

  rows(): CallCount[] {
    return [...this.#counts].map(([key, count]) => {
      // The keys are made above, of four strings each.
      const [service, action, region, caller] = JSON.parse(key) as [string, string, string, string];
      return { service, action, region, caller, count };
    });
  }
}
