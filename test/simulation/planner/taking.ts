import type { Settings } from "../../../core/model/model.js";
import { isAnswer } from "../../cloud/errors.js";
import type { Cloud } from "../world/cloud.js";
import { isListed, type Run, type Snap } from "../world/snap.js";

/** What a stack that takes in works with. */
export interface Taker {
  readonly cloud: Cloud;
  readonly settings: Settings;
  readonly run: Run;
  readonly now: number;
  /** What artifacts of others are taken for. */
  readonly as?: ((snap: Snap) => Snap) | undefined;
}

/** Before a primary looks: what others made becomes points, where its kind knows of such, by the kind's real decision. */
export function takeInFirst({ cloud, settings, run, now, as = (snap) => snap }: Taker): void {
  const { region, role } = settings;
  const { engine, kind, machines, weather } = cloud;
  if (role !== "primary" || kind.takeIn === undefined) return;
  const resources = [...machines.in(region)].map((machine) => kind.resourceOf(machine));
  const listed = [...cloud.in(region).values()].filter((snap) => isListed(snap, engine.now));
  const taken = kind.takeIn({ settings, resources, listed, now, as });
  if (taken.length === 0 || weather.failsPage(run.stack.name, region, `take in ${engine.now}`)) return;
  for (const { artifact, tags } of taken) {
    try {
      cloud.tag(run, region, artifact, tags);
    } catch (error) {
      if (!isAnswer(error)) throw error;
    }
  }
}
