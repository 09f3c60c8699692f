import { TAG } from "../../core/names/tags.js";
import { matches } from "../../core/selection/select.js";
import { type Candidate, Identities } from "../identities.js";
import type { Asked, Import, Imported, Left } from "../importer.js";
import { type BackupRecord, managedBy, pointsFromBackups, stateOf } from "./backups.js";
import { resourceId } from "./words.js";

/** Why a backup cannot be a point of its file system. */
function whyNoPoint({ tags, source, lifecycle }: BackupRecord): string | undefined {
  const owner = tags[TAG.deployment];
  if (owner !== undefined) return `it is a point of "${owner}" already`;
  if (source !== undefined) return `it is a copy of ${source}: its point is that of the source`;
  return stateOf(lifecycle) === "completed" ? undefined : `it is "${lifecycle}", not AVAILABLE`;
}

const candidateOf = (record: BackupRecord): Candidate => ({
  artifact: record.id,
  member: record.unit,
  resource: resourceId(record.unit),
  kind: record.type === "ONTAP" ? "ontap-volume" : "fsx",
  startTime: record.createdAt,
  tags: record.tags,
  managedBy: managedBy(record),
});

const oldestFirst = (records: readonly BackupRecord[]): BackupRecord[] =>
  records.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));

/**
 * Makes selected backups points of their file systems under a policy. No rule is recorded on them: they go by the policy as it is, and
 * what that would delete at once waits for approval like any other surprise. Those of AWS Backup, and automatic ones, are counted, and
 * never deleted by us.
 */
export function importOf(
  records: readonly BackupRecord[],
  { deployment, home, policy, select, tagNames }: Asked,
): Import {
  const imported: Imported[] = [];
  const skipped: Left[] = [];
  const identities = new Identities({ deployment, home }, records);
  for (const record of oldestFirst(records)) {
    if (!matches(select, record.tags)) continue;
    const given = whyNoPoint(record) ?? identities.give(candidateOf(record), policy.name);
    if (typeof given === "string") skipped.push({ artifact: record.id, why: given });
    else imported.push(given);
  }
  const tags = new Map(imported.map((one) => [one.artifact, one.tags]));
  const become = records.flatMap((record) => {
    const more = tags.get(record.id);
    return more === undefined ? [] : [{ ...record, tags: { ...record.tags, ...more } }];
  });
  return { imported, skipped, points: pointsFromBackups(become, { deployment, region: home, tagNames }).points };
}
