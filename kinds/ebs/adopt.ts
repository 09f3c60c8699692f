import { TAGS_MAX } from "../../core/config/tags.js";
import type { Point, Select, TagNames } from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { TAG } from "../../core/names/tags.js";
import { matches } from "../../core/selection/select.js";
import type { Asked, Import, Imported, Left } from "../importer.js";
import { managedBy, pointsFromSnapshots, type SnapshotRecord } from "./snapshots.js";

/** Tags by which published systems know the snapshots that they made. */
export const SYSTEMS = {
  "fsx-ebs-snapshot-mgmt": { key: "CreatedBy", value: "Snapshot-Automation-Sample" },
  "step-functions-ebs-snapshot-mgmt": { all: [{ key: "AutomatedSnapName" }, { key: "OriginalVolumeId" }] },
  "ops-automator": { keyLike: "OpsAutomator:*-Snapshot-SourceVolume" },
  "ebs-snapshots-lambda": { all: [{ key: "Type", value: "Automated" }, { key: "CreatedOn" }] },
  "aws-backup": { key: "aws:backup:source-resource" },
  dlm: { any: [{ key: "aws:dlm:lifecycle-policy-id" }, { key: "dlm:managed", value: "true" }] },
} as const satisfies Readonly<Record<string, Select>>;
export type SystemName = keyof typeof SYSTEMS;

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

/** Tags of AWS's own do not count (EC2 user guide, "Tag restrictions"). */
const countOf = (tags: SnapshotRecord["tags"]): number =>
  Object.keys(tags).filter((key) => !key.startsWith("aws:")).length;

export const oldestFirst = (snapshots: readonly SnapshotRecord[]): SnapshotRecord[] =>
  snapshots.toSorted((a, b) => a.startTime - b.startTime || (a.snapshotId < b.snapshotId ? -1 : 1));

/** Gives snapshots of others the tags that make them points of their volumes. */
export class Identities {
  readonly #owner: { readonly deployment: string; readonly home: string };
  readonly #taken: Set<string>;

  /** `known`: all that may be points already, of which none gets the identity again. */
  constructor(owner: { readonly deployment: string; readonly home: string }, known: readonly SnapshotRecord[]) {
    this.#owner = owner;
    this.#taken = new Set(known.flatMap(({ tags }) => tags[TAG.point] ?? []));
  }

  /** The snapshot as a point of a policy, or why AWS would not take its tags. `recorded`: the rule that the point tells, if any. */
  give(record: SnapshotRecord, policy: string, recorded?: string): Imported | string {
    const { snapshotId: artifact, volumeId: resource, tags: before } = record;
    const { deployment, home } = this.#owner;
    // Two of one volume and one moment are two points, since each may be restored from.
    let scheduled = record.startTime;
    const idAt = (): string => pointId({ policy, home, resource, scheduled });
    while (this.#taken.has(idAt())) scheduled += 1;
    const tags = {
      [TAG.deployment]: deployment,
      [TAG.policy]: policy,
      [TAG.resource]: resource,
      [TAG.kind]: "volume",
      [TAG.home]: home,
      [TAG.point]: idAt(),
      [TAG.scheduled]: new Date(scheduled).toISOString(),
      [TAG.size]: "1",
      [TAG.level]: "crash",
      ...(recorded === undefined ? {} : { [TAG.retain]: recorded }),
    };
    const room = countOf(before) + Object.keys(tags).length <= TAGS_MAX;
    if (!room) return `its tags leave no room for ours: AWS allows ${TAGS_MAX}`;
    this.#taken.add(idAt());
    const manager = managedBy(before);
    return { artifact, member: resource, tags, ...(manager === undefined ? {} : { managedBy: manager }) };
  }
}

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
    const given = whyNoPoint(record) ?? unfit ?? identities.give(record, policy.name);
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
