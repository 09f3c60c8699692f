import type { Point, TagNames } from "../../core/model/model.js";
import { TAG } from "../../core/names/tags.js";
import { matches } from "../../core/selection/select.js";
import { type Candidate, Identities } from "../identities.js";
import type { Asked, Import, Imported, Left } from "../importer.js";
import { managedBy, pointsFromSnapshots, type SnapshotRecord } from "./snapshots.js";

/** Volumes of copies and of registered images have this id, and copies an arbitrary one (EC2 API reference, Snapshot). */
const NO_VOLUME = "vol-ffffffff";

/** Why a snapshot cannot be a point of its volume. */
export function whyNoPoint({ tags, transferType, volumeId }: SnapshotRecord): string | undefined {
  const owner = tags[TAG.deployment];
  if (owner !== undefined) return `it is a point of "${owner}" already`;
  if (transferType !== undefined) return "it is a copy: AWS does not tell of which volume";
  if (!/^vol-[0-9a-f]+$/.test(volumeId) || volumeId === NO_VOLUME) return "AWS does not tell of which volume it is";
  return undefined;
}

export const oldestFirst = (snapshots: readonly SnapshotRecord[]): SnapshotRecord[] =>
  snapshots.toSorted((a, b) => a.startTime - b.startTime || (a.snapshotId < b.snapshotId ? -1 : 1));

/** A snapshot as what may become a point of its volume. */
export const candidateOf = ({ snapshotId: artifact, volumeId, startTime, tags }: SnapshotRecord): Candidate => ({
  artifact,
  member: volumeId,
  resource: volumeId,
  kind: "volume",
  startTime,
  tags,
  managedBy: managedBy(tags),
});

/**
 * Makes selected snapshots points of their volumes under a policy. No rule is recorded on them: they go by the policy as it is, and
 * what that would delete at once waits for approval like any other surprise (core/planner/guard.ts).
 */
export function importOf(
  snapshots: readonly SnapshotRecord[],
  { deployment, home, policy, select, tagNames }: Asked,
): Import {
  const imported: Imported[] = [];
  const skipped: Left[] = [];
  const identities = new Identities({ deployment, home }, snapshots);
  for (const record of oldestFirst(snapshots)) {
    if (!matches(select, record.tags)) continue;
    const unfit = record.state === "completed" ? undefined : `it is "${record.state}", not completed`;
    const given = whyNoPoint(record) ?? unfit ?? identities.give(candidateOf(record), policy.name);
    if (typeof given === "string") skipped.push({ artifact: record.snapshotId, why: given });
    else imported.push(given);
  }
  return { imported, skipped, points: pointsOf(snapshots, imported, { deployment, region: home, tagNames }) };
}

/** The points that they become, as the next survey will read them. */
function pointsOf(
  snapshots: readonly SnapshotRecord[],
  imported: readonly Imported[],
  where: { readonly deployment: string; readonly region: string; readonly tagNames?: TagNames | undefined },
): readonly Point[] {
  const tags = new Map(imported.map((one) => [one.artifact, one.tags]));
  const records = snapshots.flatMap((record) => {
    const more = tags.get(record.snapshotId);
    return more === undefined ? [] : [{ ...record, tags: { ...record.tags, ...more } }];
  });
  return pointsFromSnapshots(records, where).points;
}
