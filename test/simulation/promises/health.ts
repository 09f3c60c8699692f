import type { Policy } from "../../../core/model/model.js";
import type { Pace } from "../kinds/kind.js";
import { DAY, HOUR, orphanAfterOf, policiesOf, type Scenario } from "../scenario.js";
import { slotsOf } from "../schedules.js";
import type { Cloud } from "../world/cloud.js";
import type { Machine } from "../world/machines.js";
import { holdsOf, type Snap } from "../world/snap.js";
import type { Calm } from "./calm.js";
import { copiesOf, rulesIn } from "./kept.js";
import { isRetained, isRetainedAtEnd, ruleFor } from "./retention.js";
import { isWhole, startOf, type TrueLineage, type TruePoint } from "./truth.js";
import type { Watch } from "./watch.js";

/** From the moment that a point may go until it is gone: its copies may still be on their way. */
const tidyAllowance = ({ createAllowance, copyAllowance, deleteMs }: Pace): number =>
  createAllowance + copyAllowance + (deleteMs?.[1] ?? 0);

/** In a calm everybody looks at least so often. */
const TOLD_ALLOWANCE = 4 * DAY;

/** A lock that was not put on at once is put on by the next look. */
const LOCK_ALLOWANCE = 6 * HOUR;

/** How old the newest point of a region may be where nothing disturbs. */
const boundOf = (policy: Policy, isHome: boolean, { createAllowance, copyAllowance }: Pace): number =>
  slotsOf(policy).gap + createAllowance + (isHome ? 0 : copyAllowance);

/** How long a calm must have lasted before nothing may be left over. Others make snapshots when they like, but not for long. */
const tidyAfter = (policy: Policy, pace: Pace): number =>
  3 * (policy.schedule === undefined ? DAY : slotsOf(policy).gap) + tidyAllowance(pace);

/** Holds the whole world against promise: every resource met its RPO whenever the world allowed it, and nothing is left over. */
export class HealthJudge {
  readonly #scenario: Scenario;
  readonly #cloud: Cloud;
  readonly #watch: Watch;
  readonly #calm: Calm;
  readonly #orphanAfter: number;

  constructor(scenario: Scenario, cloud: Cloud, watch: Watch, calm: Calm) {
    this.#scenario = scenario;
    this.#cloud = cloud;
    this.#watch = watch;
    this.#calm = calm;
    this.#orphanAfter = orphanAfterOf(scenario);
  }

  /** Every resource under its policy, in every region that must have its points. */
  judgeRpo(): void {
    for (const { home, policy } of policiesOf(this.#scenario)) {
      // Nobody knows when others make the next one.
      if (policy.schedule === undefined) continue;
      for (const machine of this.#cloud.machines.in(home)) {
        if (machine.spec.policy !== policy.name || !machine.selected) continue;
        if (this.#watch.rules.never(machine.spec.id) === "create") continue;
        const tagged = this.#watch.rules.of({ home, policy: policy.name, resource: machine.spec.id }) ?? policy;
        for (const region of [home, ...tagged.copy.map((copy) => copy.region)])
          this.#rpo(home, tagged, machine, region);
      }
    }
  }

  /** Of every resource, those that are gone too: what was made is copied. */
  judgeCopies(): void {
    for (const [lineage] of this.#lineages()) {
      for (const region of copiesOf(this.#watch.rules, lineage)) this.#copies(lineage, region);
    }
  }

  /** Of whatever is no more people are told, in every region that has points of it. */
  judgeTold(): void {
    const { now } = this.#cloud.engine;
    const from = now - TOLD_ALLOWANCE;
    if (from < this.#scenario.start) return;
    for (const [lineage, policy] of this.#lineages()) {
      const regions = [lineage.home, ...policy.copy.map(({ region }) => region)];
      const seen = this.#cloud.machines.lastSeen(lineage.resource, now) ?? now;
      if (seen >= from || !this.#calm.was(from, now, ...regions, lineage.resource)) continue;
      const [missing] = regions.filter(
        (region) =>
          !lineage.told.has(region) && !lineage.touchedSince(region, from) && lineage.whole(region).length > 0,
      );
      if (missing === undefined) continue;
      const what = `nobody was told in ${missing} that ${lineage.resource} is no more since ${new Date(seen).toISOString()}`;
      this.#watch.verdict.add({ promise: "5 end not told", at: now, what, resource: lineage.resource });
    }
  }

  /** What a policy wants locked is, soon after it was made. */
  judgeLocks(): void {
    const { now } = this.#cloud.engine;
    for (const [lineage, policy] of this.#lineages()) {
      const regions = [lineage.home, ...policy.copy.map(({ region }) => region)];
      for (const region of lineage.regions()) {
        for (const { mark, snaps } of lineage.points(region))
          if (snaps.size === mark.size) for (const snap of snaps) this.#lock(snap, regions, now);
      }
    }
  }

  #lock(
    { under, endedAt, startedAt, touchedAt, lockedUntil, state, tampered, id, mark, region }: Snap,
    regions: readonly string[],
    now: number,
  ): void {
    if (under?.lockDays === undefined || endedAt === undefined || state !== "completed" || tampered) return;
    const from = now - LOCK_ALLOWANCE;
    if (endedAt > from || endedAt < from - 2 * DAY || touchedAt >= startedAt) return;
    if (lockedUntil >= endedAt + under.lockDays * DAY) return;
    // It is put on within a day of its start, or never.
    const wasTime =
      startedAt > now - DAY + 2 * HOUR
        ? this.#calm.was(from, now, ...regions)
        : this.#calm.was(startedAt, startedAt + DAY, ...regions);
    if (!wasTime) return;
    const what = `${id} of ${mark?.point ?? ""} in ${region} is not locked for ${under.lockDays} days`;
    this.#watch.verdict.add({ promise: "1 not locked", at: now, what, ...(mark && { resource: mark.resource }) });
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
    const { createAllowance, copyAllowance } = this.#cloud.kind.pace;
    const from = now - createAllowance - copyAllowance;
    if (this.#watch.rules.changedAt(lineage) >= from) return;
    if (from < this.#scenario.start || !this.#calm.was(from, now, home, region)) return;
    if ([home, region].some((one) => this.#isOver(lineage, one, now))) return;
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
    const bound = boundOf(policy, region === home, this.#cloud.kind.pace);
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
    const { rules } = this.#watch;
    const found = rulesIn(rules, lineage, region);
    // What a slip would let go at once waits for a person.
    if (found === undefined || rules.isLow(policy.name)) return;
    const regions = [lineage.home, region, ...policy.copy.map((copy) => copy.region)];
    const from = now - tidyAfter(policy, this.#cloud.kind.pace);
    if (
      found.length === 0 ||
      from < this.#scenario.start ||
      rules.changedAt(lineage) >= from ||
      !this.#calm.was(from, now, ...regions, lineage.resource)
    )
      return;
    if (regions.some((one) => lineage.touchedSince(one, from))) return;
    // What let a point go just now is not carried out yet.
    const whole = lineage
      .whole(region)
      .filter(({ snaps }) =>
        [...snaps].every(({ endedAt = now }) => endedAt < now - tidyAllowance(this.#cloud.kind.pace)),
      );
    const ended = this.#hasEnded(lineage, policy, region, from);
    const stuck = stuckOf(lineage);
    for (const point of lineage.points(region)) {
      const snaps = [...point.snaps];
      if (snaps.some((snap) => stuck.has(snap))) continue;
      if (snaps.some((snap) => holdsOf(snap, from) || holdsOf(snap, now) || snap.tampered || snap.startedAt >= from))
        continue;
      const atEnd = { now: from, keepNewest: !this.#isOver(lineage, region, from) };
      const isKept = found.some((rule) =>
        ended ? isRetainedAtEnd(rule, policy, whole, point, atEnd) : isRetained(rule, policy, whole, point),
      );
      // Where the rule became shorter since it was made, it may wait for a person.
      const mayWait =
        !ended && snaps.some(({ under }) => !under?.retain || isRetained(under.retain, policy, whole, point));
      const why = leftOver(point, isKept || mayWait);
      if (why === undefined) continue;
      const what = `${point.mark.point} of ${lineage.resource} (slot ${new Date(point.mark.scheduled).toISOString()}) in ${region} ${why}`;
      this.#watch.verdict.add({ promise: "1 leak", at: now, what, resource: lineage.resource });
    }
  }

  #isOver(lineage: TrueLineage, region: string, at: number): boolean {
    const seen = this.#cloud.machines.lastSeen(lineage.resource, this.#cloud.engine.now) ?? at;
    return seen < at && lineage.isOver(region, at, this.#orphanAfter);
  }

  /** Nothing selects it, and nothing was tried for so long that nothing is waited for any more. */
  #hasEnded(lineage: TrueLineage, policy: Policy, region: string, by: number): boolean {
    const tagged = this.#watch.rules.of(lineage) ?? policy;
    if (this.#watch.rules.grows(lineage) && ruleFor(tagged, lineage.home, region) !== undefined) return false;
    return [...lineage.points(region)].every((point) => startOf(point) <= by - this.#orphanAfter);
  }
}

/** What hangs cannot go, nor what it is copied from, nor what it builds on: the newest of its volume. */
function stuckOf(lineage: TrueLineage): ReadonlySet<Snap> {
  const stuck = new Set<Snap>();
  for (const region of lineage.regions()) {
    const newestFirst = [...lineage.points(region)].sort((a, b) => b.mark.scheduled - a.mark.scheduled);
    const snaps = newestFirst.flatMap((point) => [...point.snaps]);
    for (const hung of snaps.filter(({ hangs }) => hangs)) {
      const base = snaps.find(({ state, volume }) => state === "completed" && volume === hung.volume);
      for (const one of [hung, hung.source, base]) if (one) stuck.add(one);
    }
  }
  return stuck;
}

function leftOver(point: TruePoint, isKept: boolean): string | undefined {
  if (!isKept) return "is left over, though no rule keeps it";
  if (isWhole(point) && point.snaps.size > point.mark.size)
    return `has ${point.snaps.size} snapshots where ${point.mark.size} make it whole`;
  return undefined;
}
