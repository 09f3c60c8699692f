import type { Policy } from "../../../core/model/model.js";
import { isLocked } from "../../cloud/snap.js";
import { LAG_MAX, SKEW_MAX } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import { holdsOf, type Mark, type Run, type Snap } from "../world/snap.js";
import type { Approvals } from "./approvals.js";
import { copiesOf, growsFor, rulesIn, Slips } from "./kept.js";
import { isRetained, isRetainedAtEnd, ruleFor } from "./retention.js";
import type { Rules } from "./rules.js";
import { isWhole, startOf, type TrueLineage, type TruePoint, type Truth } from "./truth.js";
import type { Verdict } from "./verdict.js";

interface Judged {
  readonly run: Run;
  readonly snap: Snap;
  readonly mark: Mark;
  readonly lineage: TrueLineage;
  readonly point: TruePoint;
  readonly policy: Policy | undefined;
}

/** What the stacks were told to do. */
export interface Promised {
  readonly rules: Rules;
  readonly approvals: Approvals;
  readonly orphanAfter: number;
}

/** Nothing tells any more which point it is of: it stays, and what is left of the point goes as what is left of any. */
const isUnreadable = ({ tampered, misled }: Snap): boolean => tampered && !misled;

/** Promises 1 to 3 about what Lockstep deletes, held against what really is. */
export class DeleteJudge {
  readonly #cloud: Cloud;
  readonly #truth: Truth;
  readonly #verdict: Verdict;
  readonly #rules: Rules;
  readonly #approvals: Approvals;
  readonly #slips: Slips;
  readonly #orphanAfter: number;

  constructor({ rules, approvals, orphanAfter }: Promised, cloud: Cloud, truth: Truth, verdict: Verdict) {
    this.#rules = rules;
    this.#approvals = approvals;
    this.#slips = new Slips(rules);
    this.#orphanAfter = orphanAfter;
    this.#cloud = cloud;
    this.#truth = truth;
    this.#verdict = verdict;
  }

  judge(run: Run, snap: Snap): void {
    const { mark } = snap;
    if (mark === undefined || (isUnreadable(snap) && snap.touchedAt < run.began - LAG_MAX)) {
      this.#broken("1 not ours", snap, `deletes ${snap.id}, which does not carry its tags`);
      return;
    }
    const lineage = this.#truth.of(mark);
    const point = lineage?.point(snap.region, mark.point);
    if (lineage === undefined || point === undefined) return;
    const judged = { run, snap, mark, lineage, point, policy: this.#rules.of(mark) };
    const wrong = this.#hold(judged) ?? this.#unknown(judged) ?? this.#data(judged);
    if (wrong === undefined) return;
    const regions = [mark.home, snap.region, ...(judged.policy?.copy ?? []).map(({ region }) => region)];
    const isChanged = this.#rules.changedAt(mark) >= run.began - LAG_MAX;
    if (isChanged || regions.some((region) => lineage.touchedSince(region, run.began - LAG_MAX)))
      this.#verdict.excused += 1;
    else this.#broken(wrong.promise, snap, wrong.what);
  }

  #hold({ run, snap, mark, point }: Judged) {
    const now = this.#cloud.engine.now;
    // What AWS itself refuses to delete is left alone whatever is asked.
    if (snap.images.size > 0 || isLocked(snap, now)) return undefined;
    if (snap.state === "pending")
      return { promise: "1 in flight", what: `deletes ${snap.id} of ${mark.point} in flight` };
    // A failed try has no data: that another snapshot of its point is held, maybe by this very run's lock, takes nothing from anybody.
    const concerned = snap.state === "error" ? [snap] : [...point.snaps].filter((other) => !isUnreadable(other));
    const held = concerned.find((other) => holdsOf(other, now) && other.touchedAt < run.began - LAG_MAX);
    return held && { promise: "1 held", what: `deletes ${snap.id} of ${mark.point}, though ${held.id} of it is held` };
  }

  #unknown({ run, snap, mark, lineage, policy }: Judged) {
    const copies = run.policies.has(mark.policy)
      ? (policy?.copy.map(({ region }) => region) ?? [])
      : copiesOf(this.#rules, lineage, run);
    const needed = snap.region === mark.home ? copies : [mark.home];
    const blind = [snap.region, ...needed].find((region) => run.unknown.has(region));
    return blind === undefined
      ? undefined
      : {
          promise: "3 unknown",
          what: `deletes ${snap.id} of ${mark.point} in ${snap.region}, though ${blind} is unknown`,
        };
  }

  /** Only what can be restored from is worth more than its cost. */
  #data({ run, snap, mark, lineage, point, policy }: Judged) {
    const says = (promise: string, why: string) => ({
      promise,
      what: `deletes ${snap.id} of ${mark.point} (${mark.resource}, slot ${new Date(mark.scheduled).toISOString()}) in ${snap.region}: ${why}`,
    });
    if (snap.region === mark.home && this.#feedsCopy(snap))
      return says("2 source of a copy", "a copy of it is in progress");
    if (!isWhole(point) || isWhole(point, snap)) return undefined;
    const whole = lineage.whole(snap.region);
    const isOver = (region: string): boolean => this.#isOver(lineage, region);
    if (whole[0] === point && !isOver(snap.region))
      return says("1 newest", "it is the newest that can be restored from");
    if (snap.region === mark.home && !isOver(mark.home)) {
      const without = copiesOf(this.#rules, lineage, run).find(
        (region) => !isOver(region) && !lineage.whole(region).some((copy) => copy.mark.scheduled >= mark.scheduled),
      );
      if (without !== undefined)
        return says("2 copy not seen", `no copy of it, or of a newer one, is completed in ${without}`);
    }
    if (policy === undefined) return undefined;
    const rules = rulesIn(this.#rules, lineage, snap.region, run) ?? [];
    // By then the clock of whoever deletes may be ahead.
    const atEnd = { now: this.#cloud.engine.now + SKEW_MAX, keepNewest: !isOver(snap.region) };
    const hasEnded = isOver(snap.region) || this.#hasEnded(run, lineage, snap.region);
    const isKept = rules.every((rule) =>
      hasEnded ? isRetainedAtEnd(rule, policy, whole, point, atEnd) : isRetained(rule, policy, whole, point),
    );
    if (rules.length > 0 && isKept) return says("retention", `the policy keeps it: ${JSON.stringify(rules[0])}`);
    if (hasEnded) return undefined;
    const slip = this.#approvals.has(snap) ? undefined : this.#slips.note(run, { lineage, point, policy });
    return slip === undefined ? undefined : says("1 slip", slip);
  }

  #isOver(lineage: TrueLineage, region: string): boolean {
    const { engine, machines } = this.#cloud;
    return machines.get(lineage.resource) === undefined && lineage.isOver(region, engine.now, this.#orphanAfter);
  }

  /** Nobody adds to it there, as far as the run knows, and its newest point is so old that its rule counts from now; its last one stays. */
  #hasEnded(run: Run, lineage: TrueLineage, region: string): boolean {
    const policy = this.#rules.of(lineage);
    const hasRule = policy !== undefined && ruleFor(policy, lineage.home, region) !== undefined;
    const [newest] = lineage.whole(region);
    if ((hasRule && growsFor(this.#rules, lineage, run)) || newest === undefined) return false;
    return startOf(newest) <= this.#cloud.engine.now + SKEW_MAX - this.#orphanAfter;
  }

  #feedsCopy(snap: Snap): boolean {
    for (const region of this.#cloud.regions()) {
      for (const copy of this.#cloud.in(region).values())
        if (copy.source === snap && copy.state === "pending" && copy.mark) return true;
    }
    return false;
  }

  #broken(promise: string, { region, mark }: Snap, what: string): void {
    const at = this.#cloud.engine.now;
    this.#verdict.add({ promise, at, what: `${what} [${region}]`, ...(mark && { resource: mark.resource }) });
  }
}
