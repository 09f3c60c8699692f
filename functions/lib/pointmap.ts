import type { Create, Volume } from "../../core/model.js";
import { pointKey } from "../../core/names.js";
import type { Bucket } from "./bucket.js";

/**
 * Which volume was which device, of what size: CreateSnapshots gives all snapshots of a set the same tags, so this is written to
 * the bucket before the call. The DR region keeps its own copy of it beside the copied snapshots.
 */
export interface PointMap {
  readonly point: string;
  readonly policy: string;
  readonly resource: string;
  readonly home: string;
  readonly scheduled: number;
  readonly volumes: readonly Volume[];
}

type Mapped = Pick<Create, "point" | "policy" | "resource" | "region" | "scheduled" | "volumes">;

export async function writePointMap(bucket: Bucket, { point, policy, resource, region, scheduled, volumes }: Mapped) {
  const map: PointMap = { point, policy, resource, home: region, scheduled, volumes };
  await bucket.write(pointKey(point), map);
}

/** A volume as it was when the point was made. */
export type MappedVolume = Pick<Volume, "device" | "tags">;

/** A point's volumes by their ids, or nothing when there is no map. */
export function volumesOf(map: unknown): ReadonlyMap<string, MappedVolume> | undefined {
  return isPointMap(map) ? new Map(map.volumes.map((volume) => [volume.id, volume])) : undefined;
}

/** Written by writePointMap. */
const isPointMap = (map: unknown): map is PointMap =>
  typeof map === "object" && map !== null && "volumes" in map && Array.isArray(map.volumes);
