import type { Settings } from "../../../core/model/model.js";
import type { SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { takeIn, takesIn, watchedVolumes } from "../../../kinds/ebs/take-in.js";
import type { Cloud } from "../world/cloud.js";
import { resourceOf } from "../world/machines.js";
import { isListed, type Run } from "../world/snap.js";
import { isAnswer } from "./hands.js";
import { recordOf } from "./listing.js";

/** What a stack that takes in works with. */
export interface Taker {
  readonly cloud: Cloud;
  readonly settings: Settings;
  readonly run: Run;
  readonly now: number;
  /** What snapshots are taken for. */
  readonly read?: ((record: SnapshotRecord) => SnapshotRecord) | undefined;
}

/** Before a primary looks: what others made of the volumes of its policies becomes points, by the real decision. */
export function takeInFirst({ cloud, settings, run, now, read = (record) => record }: Taker): void {
  const { region, role } = settings;
  if (role !== "primary" || !takesIn(settings)) return;
  const { engine, weather } = cloud;
  if (weather.failsPage(run.stack.name, region, `take in ${engine.now}`)) return;
  const watched = watchedVolumes(settings, [...cloud.machines.in(region)].map(resourceOf));
  const snapshots = [...cloud.in(region).values()]
    .filter((snap) => watched.has(snap.volume) && isListed(snap, engine.now))
    .map((snap) => read(recordOf(snap, snap.tags)));
  for (const { artifact, tags } of takeIn({ settings, watched, snapshots, now }).taken) {
    try {
      cloud.createTags(run, region, artifact, tags);
    } catch (error) {
      if (!isAnswer(error)) throw error;
    }
  }
}
