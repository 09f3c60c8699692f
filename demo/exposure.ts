import type { Inventory } from "../core/model/model.js";
import { resourcesIn } from "../core/report/status.js";
import { RULES } from "../kinds/rules.js";

/** The worst RPO that was seen of each resource in each region: how much would have been lost at the worst moment. */
export class Exposure {
  readonly #worst = new Map<string, number>();

  /** To be told what every look saw; the last look before a copy is whole sees the worst. */
  observe(worlds: readonly Inventory[]): void {
    for (const { id, policy, points } of resourcesIn(worlds, RULES)) {
      for (const [region, { rpoSeconds }] of Object.entries(points)) {
        const key = keyOf(id, policy, region);
        if (rpoSeconds !== null) this.#worst.set(key, Math.max(rpoSeconds, this.#worst.get(key) ?? 0));
      }
    }
  }

  /** In seconds; null where there never was a point. */
  worst(resource: string, policy: string, region: string): number | null {
    return this.#worst.get(keyOf(resource, policy, region)) ?? null;
  }
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
