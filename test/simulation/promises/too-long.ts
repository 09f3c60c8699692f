import { DAY, HOUR, MINUTE, policiesOf, type Scenario, SKEW_MAX, type StackSpec } from "../scenario.js";
import { type Slots, slotsOf } from "../schedules.js";
import type { Cloud } from "../world/cloud.js";
import type { Rules } from "./rules.js";
import { startOf, type TrueLineage, type Truth } from "./truth.js";

/** Something of a resource takes for too long, which a stack must tell by one of these causes. */
interface Ongoing {
  readonly stack: StackSpec;
  readonly resource: string;
  readonly causes: ReadonlySet<string>;
  readonly since: number;
  readonly what: string;
}

const OVERDUE: ReadonlySet<string> = new Set(["point-overdue"]);
export const HANGS: ReadonlySet<string> = new Set(["point-hangs", "copy-hangs"]);

/** By when the point after one must be there, or its copy: core/schedule/rpo.ts says why, and is not asked. */
function deadlineOf(slots: Slots, start: number, isCopy: boolean): number {
  const slot = slots.next(start);
  const grace = Math.min(DAY, Math.max(30 * MINUTE, slots.next(slot) - slot));
  return slot + grace + (isCopy ? HOUR : 0);
}

/** What is overdue, and what hangs, as the world really is. */
export class TooLong {
  readonly #scenario: Scenario;
  readonly #cloud: Cloud;
  readonly #truth: Truth;
  readonly #rules: Rules;

  constructor(scenario: Scenario, cloud: Cloud, { truth, rules }: { readonly truth: Truth; readonly rules: Rules }) {
    this.#scenario = scenario;
    this.#cloud = cloud;
    this.#truth = truth;
    this.#rules = rules;
  }

  *all(): Generator<Ongoing> {
    yield* this.#overdue();
    yield* this.#hanging();
  }

  /** Where nobody meddled with it since the newest point began. Of the first point nothing is said. */
  *#overdue(): Generator<Ongoing> {
    const { now } = this.#cloud.engine;
    for (const { home, policy } of policiesOf(this.#scenario)) {
      if (policy.schedule === undefined) continue;
      for (const { spec, selected } of this.#cloud.machines.in(home)) {
        const of = { policy: policy.name, home, resource: spec.id };
        const lineage = this.#truth.of(of);
        if (spec.policy !== policy.name || !selected || lineage === undefined) continue;
        const copies = (this.#rules.of(of) ?? policy).copy.map(({ region }) => region);
        for (const region of [home, ...copies]) {
          const [newest] = lineage.whole(region);
          const stack = this.#stackOf(home, region);
          if (newest === undefined || stack === undefined || this.#isMeddled(lineage, startOf(newest))) continue;
          const since = deadlineOf(slotsOf(policy), startOf(newest), region !== home);
          if (since >= now) continue;
          yield { stack, resource: spec.id, causes: OVERDUE, since, what: `points of ${spec.id} are overdue` };
        }
      }
    }
  }

  *#hanging(): Generator<Ongoing> {
    const { now } = this.#cloud.engine;
    for (const region of this.#cloud.regions()) {
      for (const { hangs, mark, id, startedAt, touchedAt } of this.#cloud.in(region).values()) {
        const since = startedAt + this.#cloud.kind.pace.hangsAfter;
        if (!hangs || mark === undefined) continue;
        const stack = this.#stackOf(mark.home, region);
        if (stack === undefined || touchedAt > 0 || since >= now) continue;
        yield { stack, resource: mark.resource, causes: HANGS, since, what: `${id} of ${mark.resource} hangs` };
      }
    }
  }

  /** Whether a point is there, and was for so long, that leaves nothing overdue. */
  isMet({ settings: { region } }: StackSpec, resource: string, forMs: number): boolean {
    const { now } = this.#cloud.engine;
    const from = now - forMs;
    for (const { home, policy } of policiesOf(this.#scenario)) {
      const lineage = this.#truth.of({ policy: policy.name, home, resource });
      if (policy.schedule === undefined || lineage === undefined || this.#isMeddled(lineage, from)) continue;
      const newest = lineage.whole(region).find(({ snaps }) => [...snaps].every(({ endedAt = now }) => endedAt < from));
      if (newest !== undefined && deadlineOf(slotsOf(policy), startOf(newest), region !== home) > now) return true;
    }
    return false;
  }

  /** Whether EBS is at a snapshot of the resource there for so long that it hangs, or was until a short time ago. */
  isStuck({ settings }: StackSpec, resource: string, agoMs: number): boolean {
    const { engine, kind } = this.#cloud;
    const { now } = engine;
    return [...this.#cloud.in(settings.region).values()].some(
      ({ mark, startedAt, endedAt = now }) =>
        mark?.resource === resource && endedAt > now - agoMs && startedAt < endedAt - kind.pace.hangsAfter + SKEW_MAX,
    );
  }

  #isMeddled(lineage: TrueLineage, since: number): boolean {
    const isTouched = [...lineage.regions()].some((region) => lineage.touchedSince(region, since));
    return isTouched || this.#rules.changedAt(lineage) >= since;
  }

  #stackOf(home: string, region: string): StackSpec | undefined {
    const role = region === home ? "primary" : "dr";
    return this.#scenario.stacks.find(({ settings }) => settings.region === region && settings.role === role);
  }
}
