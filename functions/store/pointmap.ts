import pMap from "p-map";
import type { Create, Member } from "../../core/model/model.js";
import { mapKey, type Slot } from "../../core/names/names.js";
import type { Bucket } from "./bucket.js";

/**
 * What the members were: which volume was which device, of what size: CreateSnapshots gives all snapshots of a set the same tags, so this is written to
 * the bucket before the call. The DR region keeps its own copy of it beside the copied snapshots.
 */
export interface PointMap extends Slot {
  readonly point: string;
  readonly resource: string;
  /** What the resource was called; maps of earlier releases do not say. */
  readonly name?: string;
  readonly members: readonly Member[];
}

export type Mapped = Pick<Create, "point" | "policy" | "resource" | "name" | "region" | "scheduled" | "members">;

/** Objects at a time; mostly there is one. */
const CONCURRENCY = 5;

/** Writes the maps of what a run is to make, an object for all of a slot. Twice writes the same. */
export async function writePointMaps(bucket: Bucket, runId: string, points: readonly Mapped[]): Promise<void> {
  const maps = points.map(({ point, policy, resource, name, region, scheduled, members }): PointMap => {
    return { point, policy, resource, name, home: region, scheduled, members };
  });
  const objects = Map.groupBy(maps, (map) => mapKey(map, runId));
  await pMap([...objects], ([key, lines]) => bucket.writeLines(key, lines), { concurrency: CONCURRENCY });
}

/** Written by writePointMaps; only the outer shape is checked. */
export const isPointMap = (map: unknown): map is PointMap =>
  typeof map === "object" && map !== null && "point" in map && "members" in map && Array.isArray(map.members);
