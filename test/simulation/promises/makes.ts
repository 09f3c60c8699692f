import { ebsOf } from "../../../kinds/ebs/config.js";
import { LAG_MAX, SKEW_MAX } from "../scenario.js";
import { slotsOf } from "../schedules.js";
import type { Cloud } from "../world/cloud.js";
import type { Mark, Run, Snap } from "../world/snap.js";
import type { Promised } from "./deletes.js";
import { isWhole, type TrueLineage, type Truth } from "./truth.js";
import type { Verdict } from "./verdict.js";

/** Promises 3, 4 and 7 about what Lockstep makes, held against what really is. Told after the making. */
export class MakeJudge {
  readonly #cloud: Cloud;
  readonly #truth: Truth;
  readonly #verdict: Verdict;
  readonly #promised: Promised;

  constructor(promised: Promised, cloud: Cloud, truth: Truth, verdict: Verdict) {
    this.#promised = promised;
    this.#cloud = cloud;
    this.#truth = truth;
    this.#verdict = verdict;
  }

  created(run: Run, made: readonly Snap[]): void {
    const [first] = made;
    if (first?.mark === undefined) return;
    const { mark } = first;
    const lineage = this.#truth.at(mark);
    const wrong = this.#create(run, mark, new Set(made), lineage);
    if (wrong === undefined) return;
    const machine = this.#cloud.machines.get(mark.resource);
    const isRace =
      lineage.touchedSince(mark.home, run.began - LAG_MAX) || (machine?.changedAt ?? 0) >= run.began - LAG_MAX;
    this.#broken(isRace, wrong, first);
  }

  #create(run: Run, mark: Mark, made: ReadonlySet<Snap>, lineage: TrueLineage): Wrong | undefined {
    const { resource, home, point, scheduled } = mark;
    const says = (promise: string, why: string): Wrong => ({
      promise,
      what: `makes ${point} (${resource}, slot ${new Date(scheduled).toISOString()}): ${why}`,
    });
    if (run.unknown.has(home)) return says("3 unknown", `${home} is unknown`);
    const policy = this.#promised.rules.of(mark);
    const machine = this.#cloud.machines.get(resource);
    if (policy === undefined || machine?.spec.policy !== mark.policy || !machine.selected)
      return says("4 unselected", "nothing selects it");
    const others = [...(lineage.point(home, point)?.snaps ?? [])].filter((snap) => !made.has(snap));
    if (others.some(({ state, tampered }) => state !== "error" && !tampered))
      return says("4 twice", "it is there already");
    // Without a schedule only what people ask for is made.
    const due = policy.schedule === undefined ? 0 : slotsOf(policy).newest(run.began - SKEW_MAX);
    if (scheduled < due) return says("4 old slot", `the newest is ${new Date(due).toISOString()}`);
    if (scheduled > this.#cloud.engine.now + SKEW_MAX) return says("4 future slot", "its time has not come");
    return undefined;
  }

  /** What others made becomes a point: only what a policy that wants such, and nothing that failed. */
  takenIn(run: Run, snap: Snap): void {
    if (snap.mark === undefined) return;
    const wrong = this.#take(run, snap, snap.mark);
    if (wrong === undefined) return;
    const machine = this.#cloud.machines.get(snap.mark.resource);
    this.#broken((machine?.changedAt ?? 0) >= run.began - LAG_MAX, wrong, snap);
  }

  #take(run: Run, snap: Snap, mark: Mark): Wrong | undefined {
    const says = (promise: string, why: string): Wrong => ({ promise, what: `takes in ${snap.id}: ${why}` });
    const policy = this.#promised.rules.of(mark);
    const machine = this.#cloud.machines.get(mark.resource);
    if (
      policy === undefined ||
      ebsOf(policy).source !== "any" ||
      machine?.spec.policy !== mark.policy ||
      !machine.selected
    )
      return says("4 unselected", `no policy that takes in selects ${mark.resource}`);
    if (snap.volume !== mark.resource || snap.region !== mark.home || snap.source !== undefined)
      return says("4 wrong identity", `it is of ${snap.volume}, not of ${mark.resource}`);
    if (snap.tags["Backup"] === "No") return says("4 unwanted", "its own tag says that it is not wanted");
    const failedBefore = snap.state === "error" && (snap.endedAt ?? run.began) < run.began - LAG_MAX;
    return failedBefore ? says("1 failed", "it failed before") : undefined;
  }

  copied(run: Run, copy: Snap): void {
    const { mark, source } = copy;
    if (mark === undefined || source === undefined) return;
    const lineage = this.#truth.at(mark);
    const wrong = this.#copy(run, copy, source, mark, lineage);
    if (wrong === undefined) return;
    const isRace = [mark.home, copy.region].some((region) => lineage.touchedSince(region, run.began - LAG_MAX));
    this.#broken(isRace, wrong, copy);
  }

  #copy(run: Run, copy: Snap, source: Snap, mark: Mark, lineage: TrueLineage): Wrong | undefined {
    const { region } = copy;
    const says = (promise: string, why: string): Wrong => ({
      promise,
      what: `copies ${source.id} of ${mark.point} (${mark.resource}, slot ${new Date(mark.scheduled).toISOString()}) to ${region}: ${why}`,
    });
    const blind = [mark.home, region].find((one) => run.unknown.has(one));
    if (blind !== undefined) return says("3 unknown", `${blind} is unknown`);
    if (source.mark?.point !== mark.point)
      return says("4 wrong identity", `it is of ${source.mark?.point ?? "nobody"}`);
    const there = [...this.#cloud.in(region).values()].filter((snap) => snap !== copy && snap.mark !== undefined);
    if (there.some((snap) => snap.source === source && snap.state !== "error" && !snap.tampered))
      return says("4 copied twice", "its copy is there already");
    const flying = there.filter(({ state, source: from }) => state === "pending" && from !== undefined);
    const { hangsAfter, copySlots } = this.#cloud.kind.pace;
    const isNear = ({ startedAt }: Snap): boolean => this.#cloud.engine.now - startedAt < hangsAfter - SKEW_MAX;
    if (flying.some((one) => one.volume === copy.volume && one.mark?.policy === mark.policy && isNear(one)))
      return says("7 one in flight", `another copy of ${copy.volume} is in flight`);
    const busy = this.#cloud.copiesIn(region);
    if (busy > copySlots && !this.#mayHide(region, run)) return says("7 slots", `${busy} copies are in progress`);
    const isGone = this.#cloud.machines.get(mark.resource) === undefined;
    if (isGone && lineage.isOver(region, run.began - LAG_MAX, this.#promised.orphanAfter))
      return says("2 copied anew", "it has come to its end there");
    const home = lineage.point(mark.home, mark.point);
    if (home === undefined || !isWhole(home)) return says("2 copy of a part", "its point cannot be restored from");
    const begun = [...(lineage.point(region, mark.point)?.snaps ?? [])].some(
      (snap) => snap !== copy && snap.state !== "error",
    );
    const newer = lineage.whole(mark.home).find((point) => point.mark.scheduled > mark.scheduled);
    const wasThere = newer && [...newer.snaps].every(({ endedAt = run.began }) => endedAt < run.began - LAG_MAX);
    if (!begun && wasThere) return says("7 superseded", `${newer.mark.point} is newer`);
    return undefined;
  }

  /** Whether copies in progress may have been hidden from a look: not seen yet, or begun by others since. */
  #mayHide(region: string, { began }: Run): boolean {
    const { weather } = this.#cloud;
    for (const one of weather.of("lag")) if (one.region === region) return true;
    for (const one of weather.of("crowd")) if (one.region === region && one.at >= began) return true;
    return false;
  }

  #broken(isRace: boolean, { promise, what }: Wrong, { region, mark }: Snap): void {
    if (isRace) this.#verdict.excused += 1;
    else
      this.#verdict.add({
        promise,
        at: this.#cloud.engine.now,
        what: `${what} [${region}]`,
        ...(mark && { resource: mark.resource }),
      });
  }
}

interface Wrong {
  readonly promise: string;
  readonly what: string;
}
