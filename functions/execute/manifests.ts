import pMap from "p-map";
import type { Manifest } from "../../core/model/manifest.js";
import type { Copy } from "../../core/model/model.js";
import { mapFolder } from "../../core/names/names.js";
import type { Log } from "../../kinds/lib/log.js";
import type { Bucket } from "../store/bucket.js";
import { isManifest } from "../store/manifest.js";
import { beganAt } from "./run.js";

/** Slots at a time; mostly there is one. */
const CONCURRENCY = 5;

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
 * Brings the manifests of all points that are to be copied into the own bucket, before the first copy is begun and whatever the kind,
 * so that a restore needs nothing of the other region. What is there is not brought again: a slot's points lie in one object. What
 * cannot be brought does not stop the copy: the data comes first.
 */
export async function bringManifests(deps: ManifestDeps, copies: readonly Copy[], log: Log): Promise<void> {
  const slots = Map.groupBy(copies, mapFolder);
  const bringOne = async ([folder, [first]]: readonly [string, readonly Copy[]]) => {
    if (first === undefined) return;
    try {
      await bring(deps, first.home, folder);
    } catch (error) {
      log.warn("point maps were not brought", { folder, home: first.home, error });
    }
  };
  await pMap(slots, bringOne, { concurrency: CONCURRENCY });
}

async function bring({ bucket, peerBucket }: ManifestDeps, home: string, folder: string): Promise<void> {
  const peer = peerBucket(home);
  const [own, theirs] = await Promise.all([bucket.keys(folder), peer.keys(folder)]);
  for (const key of theirs.filter((one) => !own.includes(one))) {
    const lines = await peer.readLines(key);
    if (lines !== undefined) await bucket.writeLines(key, lines);
  }
}

/** What the members of a copied point were, as the own bucket has it. */
export function makeManifests({ bucket }: Pick<ManifestDeps, "bucket">, log: Log) {
  const slots = new Map<string, Promise<readonly Written[]>>();
  return async (copy: Copy): Promise<Manifest | undefined> => {
    const folder = mapFolder(copy);
    const slot = slots.get(folder) ?? readSlot(bucket, folder, log);
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
async function readSlot(bucket: Bucket, folder: string, log: Log): Promise<readonly Written[]> {
  try {
    const keys = await bucket.keys(folder);
    return await Promise.all(keys.map((key) => readWritten(bucket, key, folder)));
  } catch (error) {
    log.warn("point maps were not read", { folder, error });
    return [];
  }
}

async function readWritten(bucket: Bucket, key: string, folder: string): Promise<Written> {
  const lines = (await bucket.readLines(key)) ?? [];
  return { began: beganAt(key.slice(folder.length)), manifests: lines.filter(isManifest) };
}
