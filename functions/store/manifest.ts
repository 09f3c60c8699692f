import pMap from "p-map";
import type { Create, Member } from "../../core/model/model.js";
import { mapKey, type Slot } from "../../core/names/names.js";
import type { Bucket } from "./bucket.js";

/**
 * What the members of a point were when it was made: what AWS does not keep with each artifact is written to the bucket before the
 * point is made. The DR region keeps its own copy beside the copied artifacts. What only the kind understands, and a restore must be told,
 * is in the details of the members.
 */
export interface Manifest extends Slot {
  readonly point: string;
  readonly resource: string;
  /** What the resource was called; manifests of earlier releases do not say. */
  readonly name?: string;
  readonly members: readonly Member[];
}

export type Planned = Pick<Create, "point" | "policy" | "resource" | "name" | "region" | "scheduled" | "members">;

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
