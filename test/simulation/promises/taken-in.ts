import { ebsOf } from "../../../kinds/ebs/config.js";
import { DAY, HOUR, policiesOf, type Scenario } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import type { Machine } from "../world/machines.js";
import type { Snap } from "../world/snap.js";
import type { Calm } from "./calm.js";
import type { Watch } from "./watch.js";

/** From the end of what others made until it is a point. */
const TAKE_ALLOWANCE = 4 * HOUR;

/** Holds the world against what `source: any` promises: nothing that others make is overlooked where nothing disturbs. */
export class TakenInJudge {
  readonly #scenario: Scenario;
  readonly #cloud: Cloud;
  readonly #watch: Watch;
  readonly #calm: Calm;

  constructor(scenario: Scenario, cloud: Cloud, watch: Watch, calm: Calm) {
    this.#scenario = scenario;
    this.#cloud = cloud;
    this.#watch = watch;
    this.#calm = calm;
  }

  /** What others make of the volumes of a policy that takes it in becomes a point, whoever makes it. */
  judge(): void {
    for (const { home, policy } of policiesOf(this.#scenario)) {
      if (ebsOf(policy).source !== "any") continue;
      for (const snap of this.#cloud.in(home).values()) {
        const machine = this.#cloud.machines.get(snap.volume);
        if (machine?.spec.policy === policy.name && machine.selected) this.#takenIn(snap, machine, policy.name);
      }
    }
  }

  #takenIn({ id, mark, state, source, tags, startedAt, endedAt }: Snap, machine: Machine, policy: string): void {
    const { spec, changedAt } = machine;
    const { now } = this.#cloud.engine;
    if (mark !== undefined || state !== "completed" || source !== undefined || tags["Backup"] === "No") return;
    if (endedAt === undefined || endedAt > now - TAKE_ALLOWANCE || endedAt < now - TAKE_ALLOWANCE - 2 * DAY) return;
    if (changedAt >= startedAt || !this.#calm.was(startedAt, endedAt + TAKE_ALLOWANCE, spec.region, spec.id)) return;
    // One that comes to light only when there are newer ones is left alone.
    const points = this.#watch.truth.of({ policy, home: spec.region, resource: spec.id })?.points(spec.region) ?? [];
    if ([...points].some(({ snaps }) => [...snaps].some((one) => one.startedAt > startedAt))) return;
    const what = `${id} of ${spec.id}, which others made, is no point of ${policy}`;
    this.#watch.verdict.add({ promise: "4 not taken in", at: now, what, resource: spec.id });
  }
}
