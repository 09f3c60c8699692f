import type { Copy } from "../../core/model/model.js";
import { mapFolder } from "../../core/names/names.js";
import type { Log } from "../lib/log.js";
import type { Bucket } from "../store/bucket.js";
import { isManifest, type Manifest } from "../store/manifest.js";
import { beganAt } from "./run.js";

export interface ManifestDeps {
  readonly bucket: Bucket;
  /** The bucket of the primary stack in a region. */
  readonly peerBucket: (region: string) => Bucket;
}

/** What one run wrote of a slot before it made points. */
interface Written {
  readonly began: number;
  readonly manifests: readonly Manifest[];
}

/**
 * What the members of a copied point were. The first copy of a slot brings the slot's manifests into the own bucket, so that a
 * restore needs nothing of the other region. One that cannot be read does not stop the copy: the data comes first.
 */
export function makeManifests(deps: ManifestDeps, log: Log) {
  const slots = new Map<string, Promise<readonly Written[]>>();
  return async (copy: Copy): Promise<Manifest | undefined> => {
    const folder = mapFolder(copy);
    const slot = slots.get(folder) ?? readSlot(deps, copy.home, folder, log);
    slots.set(folder, slot);
    const manifest = manifestFor(copy, await slot);
    if (manifest === undefined) log.warn("point map is missing", { point: copy.point, home: copy.home });
    return manifest;
  };
}

/**
 * More than one run may have been to make the point: it is as the last of them saw it that had begun when the artifact was started.
 * What was taken in is older than all of them.
 */
function manifestFor({ point, artifact: part }: Copy, written: readonly Written[]): Manifest | undefined {
  const found = written.flatMap(({ began, manifests }) => {
    const manifest = manifests.find((one) => one.point === point);
    return manifest === undefined ? [] : [{ began, manifest }];
  });
  const taken = part.takenAt ?? part.startedAt;
  return (found.findLast(({ began }) => began <= taken) ?? found[0])?.manifest;
}

/** Oldest run first. */
async function readSlot(deps: ManifestDeps, home: string, folder: string, log: Log): Promise<readonly Written[]> {
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

async function bring({ bucket, peerBucket }: ManifestDeps, home: string, folder: string): Promise<void> {
  const peer = peerBucket(home);
  const [own, theirs] = await Promise.all([bucket.keys(folder), peer.keys(folder)]);
  for (const key of theirs.filter((one) => !own.includes(one))) {
    const lines = await peer.readLines(key);
    if (lines !== undefined) await bucket.writeLines(key, lines);
  }
}

async function readWritten(bucket: Bucket, key: string, folder: string): Promise<Written> {
  const lines = (await bucket.readLines(key)) ?? [];
  return { began: beganAt(key.slice(folder.length)), manifests: lines.filter(isManifest) };
}
