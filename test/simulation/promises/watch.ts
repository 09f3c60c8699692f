import type { Policy } from "../../../core/model.js";
import { policiesOf, type Scenario } from "../scenario.js";
import type { Watcher } from "../world/calls.js";
import type { Cloud } from "../world/cloud.js";
import type { Run, Snap } from "../world/snap.js";
import { DeleteJudge } from "./deletes.js";
import { MakeJudge } from "./makes.js";
import { Truth } from "./truth.js";
import { Verdict } from "./verdict.js";

/** Every policy by its home and name. */
const policyIndex = (scenario: Scenario): ReadonlyMap<string, Policy> =>
  new Map(policiesOf(scenario).map(({ home, policy }) => [`${home} ${policy.name}`, policy]));

/** Keeps account of what really is, and holds each act of Lockstep against DESIGN's promises. */
export class Watch implements Watcher {
  readonly truth = new Truth();
  readonly verdict = new Verdict();
  readonly #cloud: Cloud;
  readonly #deletes: DeleteJudge;
  readonly #makes: MakeJudge;

  constructor(scenario: Scenario, cloud: Cloud) {
    this.#cloud = cloud;
    const policies = policyIndex(scenario);
    this.#deletes = new DeleteJudge(policies, cloud, this.truth, this.verdict);
    this.#makes = new MakeJudge(policies, cloud, this.truth, this.verdict);
  }

  created(run: Run, snaps: readonly Snap[]): void {
    this.verdict.points += 1;
    for (const snap of snaps) if (snap.mark !== undefined) this.truth.at(snap.mark).add(snap, snap.mark);
    this.#alone(run, snaps[0]);
    this.#makes.created(run, snaps);
  }

  copied(run: Run, snap: Snap): void {
    this.verdict.copies += 1;
    if (snap.mark !== undefined) this.truth.at(snap.mark).add(snap, snap.mark);
    this.#alone(run, snap);
    this.#makes.copied(run, snap);
  }

  doubled(snaps: readonly Snap[]): void {
    for (const snap of snaps) if (snap.mark !== undefined) this.truth.at(snap.mark).add(snap, snap.mark);
  }

  deletes(run: Run | undefined, snap: Snap): void {
    if (run === undefined) return;
    this.verdict.deletes += 1;
    this.#alone(run, snap);
    this.#deletes.judge(run, snap);
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

  /** Somebody else changes what Lockstep may see of a snapshot. */
  touch(snap: Snap): void {
    snap.touchedAt = this.#cloud.engine.now;
    if (snap.mark !== undefined) this.truth.at(snap.mark).touched.set(snap.region, this.#cloud.engine.now);
  }
}
