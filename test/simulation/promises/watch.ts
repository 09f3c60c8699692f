import type { Announced, Approval } from "../../../core/model/model.js";
import { LAG_MAX, orphanAfterOf, type Scenario, type TroubleOf } from "../scenario.js";
import type { Refusal, Watcher } from "../world/calls.js";
import type { Cloud } from "../world/cloud.js";
import type { Run, Snap } from "../world/snap.js";
import { Approvals } from "./approvals.js";
import { DeleteJudge } from "./deletes.js";
import { MakeJudge } from "./makes.js";
import { Rules } from "./rules.js";
import { Truth } from "./truth.js";
import { Verdict } from "./verdict.js";

/** What no stack should ever hear, by AWS's codes. */
const WRONG_TRIES: ReadonlyMap<string, string> = new Map([
  ["UnsupportedOperation", "4 tried in vain"],
  ["IncompatibleParameterError", "4 token of another"],
]);

/** Keeps account of what really is, and holds each act of Lockstep against DESIGN's promises. */
export class Watch implements Watcher {
  readonly truth = new Truth();
  readonly verdict = new Verdict();
  readonly rules: Rules;
  readonly approvals: Approvals;
  readonly #cloud: Cloud;
  readonly #deletes: DeleteJudge;
  readonly #makes: MakeJudge;

  constructor(scenario: Scenario, cloud: Cloud) {
    this.#cloud = cloud;
    this.rules = new Rules(scenario, cloud.machines, cloud.kind.never);
    this.approvals = new Approvals(cloud, this.verdict);
    const promised = { rules: this.rules, orphanAfter: orphanAfterOf(scenario), approvals: this.approvals };
    this.#deletes = new DeleteJudge(promised, cloud, this.truth, this.verdict);
    this.#makes = new MakeJudge(promised, cloud, this.truth, this.verdict);
  }

  created(run: Run, snaps: readonly Snap[]): void {
    this.verdict.points += 1;
    for (const snap of snaps) this.#note(run, snap);
    this.#alone(run, snaps[0]);
    this.#makes.created(run, snaps);
  }

  copied(run: Run, snap: Snap): void {
    this.verdict.copies += 1;
    this.#note(run, snap);
    this.#alone(run, snap);
    this.#makes.copied(run, snap);
  }

  takenIn(run: Run, snap: Snap): void {
    this.#cloud.weather.feel("take in");
    this.#note(run, snap);
    this.#makes.takenIn(run, snap);
  }

  #note(run: Run, snap: Snap): void {
    const { mark } = snap;
    if (mark === undefined) return;
    this.truth.at(mark).add(snap, mark);
    if (this.rules.changedAt(mark) < run.began - LAG_MAX) snap.under = this.rules.under(mark, snap.region);
  }

  doubled(snaps: readonly Snap[]): void {
    for (const snap of snaps) {
      if (snap.mark === undefined) continue;
      this.truth.at(snap.mark).add(snap, snap.mark);
      snap.under = this.rules.under(snap.mark, snap.region);
    }
  }

  deletes(run: Run | undefined, snap: Snap): void {
    if (run === undefined) return;
    this.verdict.deletes += 1;
    this.#alone(run, snap);
    this.#deletes.judge(run, snap);
  }

  /** What AWS never does is not tried, and a token stands for one backup. */
  refused({ stack }: Run, { region, resource, error }: Refusal): void {
    const code = error instanceof Error ? error.name : "";
    const promise = WRONG_TRIES.get(code);
    if (promise === undefined) return;
    const what = `${stack.name} tries in ${region} what AWS answers with ${code}, for ${resource}`;
    this.verdict.add({ promise, at: this.#cloud.engine.now, what, resource });
  }

  /** One Reconcile of a stack acts at a time. */
  #alone({ stack, holds }: Run, snap: Snap | undefined): void {
    if (holds === undefined || holds()) return;
    const what = `${stack.name} changes ${snap?.id ?? "nothing"} without the lease`;
    this.verdict.add({ promise: "4 lease", at: this.#cloud.engine.now, what });
  }

  changed(snap: Snap): void {
    if (snap.mark === undefined) return;
    if (snap.state === "error") this.verdict.broken += 1;
    if (snap.deletedAt !== undefined) this.truth.of(snap.mark)?.remove(snap, snap.mark);
  }

  event(): void {}

  /** A person approves what waits for that. */
  approved(approval: Approval, slip: Pick<TroubleOf<"lower">, "policy" | "until">): void {
    this.approvals.add(approval, () => this.rules.isLow(slip.policy) && slip.until > this.#cloud.engine.now);
  }

  /** People are told of a region that a resource is no more, or that this is over. */
  told({ region, policy, resource }: Pick<Announced, "region" | "policy" | "resource">, isOpen: boolean): void {
    for (const lineage of this.truth.all()) {
      if (lineage.policy !== policy || lineage.resource !== resource) continue;
      if (!isOpen) lineage.told.delete(region);
      else if (!lineage.told.has(region)) lineage.told.set(region, this.#cloud.engine.now);
    }
  }

  /** Somebody else changes what Lockstep may see of a snapshot. */
  touch(snap: Snap): void {
    snap.touchedAt = this.#cloud.engine.now;
    if (snap.mark !== undefined) this.truth.at(snap.mark).touched.set(snap.region, this.#cloud.engine.now);
  }
}
