import type { Pace } from "../kinds/kind.js";
import { DAY, endOf, HOUR, policiesOf, type Scenario, type Trouble } from "../scenario.js";
import { slotsOf } from "../schedules.js";

/** After a trouble is over, what it put off is made up for in this time: back-offs, leases and claims last up to an hour. */
const RECOVERY = 6 * HOUR;

interface Interval {
  readonly from: number;
  readonly until: number;
}

/** The longest time between two points. */
const gapOf = (scenario: Scenario): number =>
  policiesOf(scenario).reduce((longest, { policy: { schedule, ...timed } }) => {
    return schedule === undefined ? longest : Math.max(longest, slotsOf({ ...timed, schedule }).gap);
  }, 0);

/**
 * When the world allows a resource to be protected: no trouble disturbs its home, the region of the copy or itself, and those of the
 * past are made up for. Known beforehand, since all troubles are.
 */
export class Calm {
  readonly #disturbances = new Map<string, Interval[]>();
  readonly #regionOf: ReadonlyMap<string, string>;
  readonly #gap: number;
  readonly #pace: Pace;

  constructor(scenario: Scenario, pace: Pace) {
    this.#gap = gapOf(scenario);
    this.#pace = pace;
    this.#regionOf = new Map(scenario.stacks.map(({ name, settings }) => [name, settings.region]));
    for (const trouble of scenario.troubles) {
      for (const where of this.#disturbed(trouble)) {
        const list = this.#disturbances.get(where) ?? [];
        this.#disturbances.set(where, list);
        list.push(...this.#intervalsOf(trouble));
      }
    }
  }

  /** What tags say is in force while they are there; only the change itself takes time. */
  #intervalsOf(trouble: Trouble): readonly Interval[] {
    if (trouble.kind !== "override") return [{ from: trouble.at, until: this.#overAt(trouble) }];
    return [trouble.at, trouble.until].map((from) => ({ from, until: from + RECOVERY }));
  }

  /** When a trouble is over and made up for. */
  #overAt(trouble: Trouble): number {
    return endOf(trouble) + this.#lateBy(trouble) + RECOVERY;
  }

  #lateBy(trouble: Trouble): number {
    switch (trouble.kind) {
      case "slow":
        // What was begun slowly ends slowly.
        return this.#pace.copyMs[1] * trouble.factor;
      case "events":
        return DAY;
      case "hang":
        // The next point passes it; two that hang beside each other, as AWS doubles one, are waited for twice as long.
        return 2 * this.#pace.hangsAfter + this.#gap;
      default:
        return 0;
    }
  }

  /** Regions, and single machines. */
  #disturbed(trouble: Trouble): readonly string[] {
    // What people do to a snapshot is the business of its lineage, which knows when it was touched.
    if ("nth" in trouble) return [];
    if ("machine" in trouble) return [trouble.machine];
    const stack = "stack" in trouble ? this.#regionOf.get(trouble.stack) : undefined;
    return [...("region" in trouble ? [trouble.region] : []), ...(stack === undefined ? [] : [stack])];
  }

  /** Whether a trouble disturbs any of these. */
  concerns(trouble: Trouble, wheres: readonly string[]): boolean {
    return this.#disturbed(trouble).some((where) => wheres.includes(where));
  }

  /** Whether what a trouble put off may not be made up for at a time. */
  reaches(trouble: Trouble, time: number): boolean {
    return this.#overAt(trouble) >= time;
  }

  /** Whether nothing disturbed any of these from a time on until another. */
  was(from: number, until: number, ...wheres: readonly string[]): boolean {
    return wheres.every((where) =>
      (this.#disturbances.get(where) ?? []).every((one) => one.until < from || one.from > until),
    );
  }
}
