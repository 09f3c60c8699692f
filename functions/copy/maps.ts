import type { Copy } from "../../core/model/model.js";
import { mapFolder } from "../../core/names/names.js";
import { beganAt } from "../execute/run.js";
import type { Log } from "../lib/log.js";
import type { Bucket } from "../store/bucket.js";
import { isPointMap, type PointMap } from "../store/pointmap.js";

/** A volume as it was when the point was made. */
export type MappedVolume = Pick<PointMap["members"][number], "device" | "tags"> & Pick<PointMap, "name">;

export interface MapDeps {
  readonly bucket: Bucket;
  /** The bucket of the primary stack in a region. */
  readonly peerBucket: (region: string) => Bucket;
}

/** What one run wrote of a slot before it made points. */
interface Written {
  readonly began: number;
  readonly maps: readonly PointMap[];
}

/**
 * What a volume was, from the map of its point. The first copy of a slot brings the slot's maps into the own bucket, so that a
 * restore needs nothing of the other region. A map that cannot be read does not stop the copy: the data comes first.
 */
export function makeMaps(deps: MapDeps, log: Log) {
  const slots = new Map<string, Promise<readonly Written[]>>();
  return async (copy: Copy): Promise<MappedVolume | undefined> => {
    const folder = mapFolder(copy);
    const slot = slots.get(folder) ?? readSlot(deps, copy.home, folder, log);
    slots.set(folder, slot);
    const map = mapFor(copy, await slot);
    if (map === undefined) log.warn("point map is missing", { point: copy.point, home: copy.home });
    const volume = map?.members.find(({ id }) => id === copy.artifact.member);
    return volume && { ...volume, ...(map?.name !== undefined && { name: map.name }) };
  };
}

/**
 * More than one run may have been to make the point: it is as the last of them saw it that had begun when the snapshot was started.
 * What was taken in is older than all of them.
 */
function mapFor({ point, artifact: part }: Copy, written: readonly Written[]): PointMap | undefined {
  const found = written.flatMap(({ began, maps }) => {
    const map = maps.find((one) => one.point === point);
    return map === undefined ? [] : [{ began, map }];
  });
  const taken = part.takenAt ?? part.startedAt;
  return (found.findLast(({ began }) => began <= taken) ?? found[0])?.map;
}

/** Oldest run first. */
async function readSlot(deps: MapDeps, home: string, folder: string, log: Log): Promise<readonly Written[]> {
  try {
    await bring(deps, home, folder);
  } catch (error) {
    log.warn("point maps were not brought", { folder, home, error });
  }
  try {
    const keys = await deps.bucket.keys(folder);
    return await Promise.all(keys.map((key) => readWritten(deps.bucket, key, folder)));
  } catch (error) {
    log.warn("point maps were not read", { folder, home, error });
    return [];
  }
}

async function bring({ bucket, peerBucket }: MapDeps, home: string, folder: string): Promise<void> {
  const peer = peerBucket(home);
  const [own, theirs] = await Promise.all([bucket.keys(folder), peer.keys(folder)]);
  for (const key of theirs.filter((one) => !own.includes(one))) {
    const lines = await peer.readLines(key);
    if (lines !== undefined) await bucket.writeLines(key, lines);
  }
}

async function readWritten(bucket: Bucket, key: string, folder: string): Promise<Written> {
  const lines = (await bucket.readLines(key)) ?? [];
  return { began: beganAt(key.slice(folder.length)), maps: lines.filter(isPointMap) };
}
