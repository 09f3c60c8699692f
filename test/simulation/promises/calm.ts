import { DAY, endOf, HOUR, type Scenario, type Trouble } from "../scenario.js";

/** After a trouble is over, what it put off is made up for in this time: back-offs, leases and claims last up to an hour. */
const RECOVERY = 6 * HOUR;

interface Interval {
  readonly from: number;
  readonly until: number;
}

/** When a trouble is over and made up for. */
function overAt(trouble: Trouble): number {
  // What was begun slowly ends slowly.
  const late = trouble.kind === "slow" ? 2 * HOUR * trouble.factor : trouble.kind === "events" ? DAY : 0;
  return endOf(trouble) + late + RECOVERY;
}

/** What tags say is in force while they are there; only the change itself takes time. */
function intervalsOf(trouble: Trouble): readonly Interval[] {
  if (trouble.kind !== "override") return [{ from: trouble.at, until: overAt(trouble) }];
  return [trouble.at, trouble.until].map((from) => ({ from, until: from + RECOVERY }));
}

/**
 * When the world allows a resource to be protected: no trouble disturbs its home, the region of the copy or itself, and those of the
 * past are made up for. Known beforehand, since all troubles are.
 */
export class Calm {
  readonly #disturbances = new Map<string, Interval[]>();
  readonly #regionOf: ReadonlyMap<string, string>;

  constructor(scenario: Scenario) {
    this.#regionOf = new Map(scenario.stacks.map(({ name, settings }) => [name, settings.region]));
    for (const trouble of scenario.troubles) {
      for (const where of this.#disturbed(trouble)) {
        const list = this.#disturbances.get(where) ?? [];
        this.#disturbances.set(where, list);
        list.push(...intervalsOf(trouble));
      }
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
    return overAt(trouble) >= time;
  }

  /** Whether nothing disturbed any of these from a time on until another. */
  was(from: number, until: number, ...wheres: readonly string[]): boolean {
    return wheres.every((where) =>
      (this.#disturbances.get(where) ?? []).every((one) => one.until < from || one.from > until),
    );
  }
}
