import type { Policy, Settings } from "../../core/model/model.js";

/** Everything but the newest of each, by a slip. */
const LOWERED = { count: 1 } as const;

export const lowered = (policy: Policy): Policy => ({
  ...policy,
  retain: LOWERED,
  copy: policy.copy.map((rule) => ({ ...rule, retain: LOWERED })),
});

/** The settings of a stack as they are at the moment: as deployed, but for what people did to them. */
export class Config {
  /** Policies that are missing. */
  readonly lost = new Set<string>();
  /** Policies that keep far less than they did. */
  readonly low = new Set<string>();
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get now(): Settings {
    if (this.lost.size + this.low.size === 0) return this.#settings;
    const policies = this.#settings.policies
      .filter(({ name }) => !this.lost.has(name))
      .map((policy) => (this.low.has(policy.name) ? lowered(policy) : policy));
    return { ...this.#settings, policies };
  }
}
