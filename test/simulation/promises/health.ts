import type { Policy } from "../../../core/model.js";
import { HOUR, ORPHAN_AFTER, policiesOf, type Scenario } from "../scenario.js";
import { slotsOf } from "../schedules.js";
import type { Cloud } from "../world/cloud.js";
import type { Machine } from "../world/machines.js";
import { holdsOf } from "../world/snap.js";
import type { Calm } from "./calm.js";
import { isRetained, isRetainedAtEnd, ruleFor } from "./retention.js";
import { isWhole, startOf, type TrueLineage, type TruePoint } from "./truth.js";
import type { Watch } from "./watch.js";

/** A snapshot takes up to 50 minutes, a look may come late, and a failed try waits. */
const CREATE_ALLOWANCE = 4 * HOUR;
/** One copy may have to end before the next begins, each in up to two hours. */
const COPY_ALLOWANCE = 6 * HOUR;

/** From the moment that a point may go until it is gone: its copies may still be on their way. */
const TIDY_ALLOWANCE = CREATE_ALLOWANCE + COPY_ALLOWANCE;

/** How old the newest point of a region may be where nothing disturbs. */
const boundOf = (policy: Policy, isHome: boolean): number =>
  slotsOf(policy).gap + CREATE_ALLOWANCE + (isHome ? 0 : COPY_ALLOWANCE);

/** How long a calm must have lasted before nothing may be left over. */
const tidyAfter = (policy: Policy): number => 3 * slotsOf(policy).gap + TIDY_ALLOWANCE;

/** Holds the whole world against promise: every resource met its RPO whenever the world allowed it, and nothing is left over. */
export class HealthJudge {
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

  /** Every resource under its policy, in every region that must have its points. */
  judgeRpo(): void {
    for (const { home, policy } of policiesOf(this.#scenario)) {
      for (const machine of this.#cloud.machines.in(home)) {
        if (machine.spec.policy !== policy.name || !machine.selected) continue;
        for (const region of [home, ...policy.copy.map((copy) => copy.region)])
          this.#rpo(home, policy, machine, region);
      }
    }
  }

  /** Of every resource, those that are gone too: what was made is copied. */
  judgeCopies(): void {
    for (const [lineage, policy] of this.#lineages()) {
      for (const { region } of policy.copy) this.#copies(lineage, region);
    }
  }

  judgeLeaks(): void {
    for (const [lineage, policy] of this.#lineages()) {
      for (const region of lineage.regions()) this.#leaks(lineage, policy, region);
    }
  }

  *#lineages(): Generator<[TrueLineage, Policy]> {
    for (const { home, policy } of policiesOf(this.#scenario)) {
      for (const lineage of this.#watch.truth.all()) {
        if (lineage.home === home && lineage.policy === policy.name) yield [lineage, policy];
      }
    }
  }

  #copies(lineage: TrueLineage, region: string): void {
    const { now } = this.#cloud.engine;
    const { home, resource } = lineage;
    const from = now - CREATE_ALLOWANCE - COPY_ALLOWANCE;
    if (from < this.#scenario.start || !this.#calm.was(from, now, home, region)) return;
    const [newest] = lineage.whole(home);
    if (
      newest === undefined ||
      [...newest.snaps].some(({ endedAt = now, touchedAt }) => Math.max(endedAt, touchedAt) >= from)
    )
      return;
    if (lineage.touchedSince(region, from)) return;
    if (lineage.whole(region).some(({ mark }) => mark.scheduled >= newest.mark.scheduled)) return;
    const slot = new Date(newest.mark.scheduled).toISOString();
    const what = `${newest.mark.point} of ${resource} (slot ${slot}), the newest in ${home}, has no copy in ${region}`;
    this.#watch.verdict.add({ promise: "2 not copied", at: now, what, resource });
  }

  #rpo(home: string, policy: Policy, { spec, changedAt }: Machine, region: string): void {
    const { now } = this.#cloud.engine;
    const bound = boundOf(policy, region === home);
    const from = now - bound;
    if (changedAt > from || from < this.#scenario.start || !this.#calm.was(from, now, home, region, spec.id)) return;
    const lineage = this.#watch.truth.of({ policy: policy.name, home, resource: spec.id });
    if ([home, region].some((one) => lineage?.touchedSince(one, from))) return;
    this.#watch.verdict.rpoChecks += 1;
    const [newest] = lineage?.whole(region) ?? [];
    if (newest !== undefined && startOf(newest) >= from) return;
    const age = newest === undefined ? "there is none" : `it is ${((now - startOf(newest)) / HOUR).toFixed(1)} h old`;
    const what = `the newest point of ${spec.id} in ${region} must be younger than ${(bound / HOUR).toFixed(1)} h: ${age}`;
    this.#watch.verdict.add({ promise: "5 RPO", at: now, what, resource: spec.id });
  }

  #leaks(lineage: TrueLineage, policy: Policy, region: string): void {
    const { now } = this.#cloud.engine;
    const rule = ruleFor(policy, lineage.home, region);
    const regions = [lineage.home, region, ...policy.copy.map((copy) => copy.region)];
    const from = now - tidyAfter(policy);
    if (rule === undefined || from < this.#scenario.start || !this.#calm.was(from, now, ...regions, lineage.resource))
      return;
    if (regions.some((one) => lineage.touchedSince(one, from))) return;
    // What let a point go just now is not carried out yet.
    const whole = lineage
      .whole(region)
      .filter(({ snaps }) => [...snaps].every(({ endedAt = now }) => endedAt < now - TIDY_ALLOWANCE));
    const ended = this.#hasEnded(lineage, region, from);
    for (const point of lineage.points(region)) {
      const snaps = [...point.snaps];
      if (snaps.some((snap) => holdsOf(snap, from) || holdsOf(snap, now) || snap.tampered || snap.startedAt >= from))
        continue;
      const isKept = ended ? isRetainedAtEnd(rule, policy, whole, point, from) : isRetained(rule, policy, whole, point);
      const why = leftOver(point, isKept);
      if (why === undefined) continue;
      const what = `${point.mark.point} of ${lineage.resource} (slot ${new Date(point.mark.scheduled).toISOString()}) in ${region} ${why}`;
      this.#watch.verdict.add({ promise: "1 leak", at: now, what, resource: lineage.resource });
    }
  }

  /** Nothing selects it, and nothing was tried for so long that nothing is waited for any more. */
  #hasEnded(lineage: TrueLineage, region: string, by: number): boolean {
    const machine = this.#cloud.machines.get(lineage.resource);
    if (machine?.selected === true && machine.spec.policy === lineage.policy) return false;
    return [...lineage.points(region)].every((point) => startOf(point) <= by - ORPHAN_AFTER);
  }
}

function leftOver(point: TruePoint, isKept: boolean): string | undefined {
  if (!isKept) return "is left over, though no rule keeps it";
  if (isWhole(point) && point.snaps.size > point.mark.size)
    return `has ${point.snaps.size} snapshots where ${point.mark.size} make it whole`;
  return undefined;
}
