import type { Approval } from "../../../core/model/model.js";
import { HOUR } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import { holdsOf, type Snap } from "../world/snap.js";
import type { Verdict } from "./verdict.js";

/** An approval makes the stack look, and the next look deletes. */
const HEEDED_WITHIN = 10 * HOUR;

/** What people said yes to. */
export class Approvals {
  readonly #cloud: Cloud;
  readonly #verdict: Verdict;
  readonly #until = new Map<Snap, number>();
  /** Whether nothing disturbed a region for so long. */
  isCalm: (from: number, region: string) => boolean = () => false;

  constructor(cloud: Cloud, verdict: Verdict) {
    this.#cloud = cloud;
    this.#verdict = verdict;
  }

  /** @param stands whether what was approved is still what the config wants */
  add({ region, artifacts: snapshots, until }: Approval, stands: () => boolean): void {
    const { engine, kind, weather } = this.#cloud;
    weather.feel("approve");
    const snaps = snapshots.flatMap((id) => this.#cloud.in(region).get(id) ?? []);
    for (const snap of snaps) this.#until.set(snap, until);
    const from = engine.now;
    engine.at(from + HEEDED_WITHIN + (kind.pace.deleteMs?.[1] ?? 0), () => {
      if (!stands() || !this.isCalm(from, region)) return;
      const left = snaps.find(
        (snap) =>
          snap.deletedAt === undefined && snap.touchedAt < from && !holdsOf(snap, from) && !holdsOf(snap, engine.now),
      );
      if (left === undefined) return;
      const what = `${left.id} of ${left.mark?.point ?? ""} in ${region} is still there, though a person approved that it goes`;
      this.#verdict.add({
        promise: "1 approved",
        at: engine.now,
        what,
        ...(left.mark && { resource: left.mark.resource }),
      });
    });
  }

  has(snap: Snap): boolean {
    return (this.#until.get(snap) ?? 0) > this.#cloud.engine.now;
  }
}
