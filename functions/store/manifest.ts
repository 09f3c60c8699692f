import pMap from "p-map";
import type { Manifest, Planned } from "../../core/model/manifest.js";
import { mapKey } from "../../core/names/names.js";
import type { Bucket } from "./bucket.js";

/** Objects at a time; mostly there is one. */
const CONCURRENCY = 5;

/** Writes the manifests of what a run is to make, an object for all of a slot. Twice writes the same. */
export async function writeManifests(bucket: Bucket, runId: string, points: readonly Planned[]): Promise<void> {
  const all = points.map(({ point, policy, resource, name, region, scheduled, members }): Manifest => {
    return { point, policy, resource, name, home: region, scheduled, members };
  });
  const objects = Map.groupBy(all, (one) => mapKey(one, runId));
  await pMap([...objects], ([key, lines]) => bucket.writeLines(key, lines), { concurrency: CONCURRENCY });
}

/** Written by writeManifests; only the outer shape is checked. */
export const isManifest = (line: unknown): line is Manifest =>
  typeof line === "object" && line !== null && "point" in line && "members" in line && Array.isArray(line.members);
