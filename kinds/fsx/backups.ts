import type { Artifact, ArtifactState, Point, TagNames } from "../../core/model/model.js";
import { makeGrouping, type Placed, readCopy, readPoint } from "../../core/model/read-point.js";
import { TAG, TAG_NAMES } from "../../core/names/tags.js";
import type { Stray } from "../backend.js";
import type { Nature } from "./details.js";
import { FSX, resourceId } from "./words.js";

/** A backup as AWS describes it, without the AWS types. */
export interface BackupRecord extends Nature {
  readonly id: string;
  readonly arn: string;
  /** AWS's word. */
  readonly lifecycle: string;
  /** `USER_INITIATED`, `AUTOMATIC` or `AWS_BACKUP`. */
  readonly madeBy: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** 0 to 100; AWS does not always tell it. */
  readonly progress: number;
  readonly sizeGiB: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Id of the file system, or of the ONTAP volume, that it is of. */
  readonly unit: string;
  readonly failure?: string | undefined;
  /** Of a copy: what it was copied from, and where that is. */
  readonly source?: string | undefined;
  readonly sourceRegion?: string | undefined;
}

/** Whose backups are looked for, and where. */
export interface Where {
  readonly deployment: string;
  readonly region: string;
  readonly tagNames?: TagNames | undefined;
}

/**
 * AWS has added states before (a client that took "not CREATING" for done broke by TRANSFERRING): what is neither available nor
 * failed is in progress.
 */
export function stateOf(lifecycle: string): ArtifactState {
  if (lifecycle === "AVAILABLE") return "completed";
  return lifecycle === "FAILED" ? "error" : "pending";
}

/** Who else deletes a backup when its time has come. */
export function managedBy({ madeBy }: Pick<BackupRecord, "madeBy">): string | undefined {
  if (madeBy === "USER_INITIATED") return undefined;
  return madeBy === "AWS_BACKUP" ? "AWS Backup" : "FSx's automatic backups";
}

function readPart(record: BackupRecord, isCopy: boolean, { tagNames = TAG_NAMES }: Where): Artifact | string {
  const { keepForever } = tagNames;
  const { tags, id, createdAt, progress, sizeGiB, type, storage, unit } = record;
  const state = stateOf(record.lifecycle);
  const manager = managedBy(record);
  const detail: Nature = { type, ...(storage === undefined ? {} : { storage }) };
  const common = {
    id,
    state,
    startedAt: createdAt,
    progress: state === "completed" ? 100 : progress,
    sizeGiB,
    holds: [
      ...(Object.hasOwn(tags, keepForever) ? [keepForever] : []),
      ...(manager === undefined ? [] : [`managed by ${manager}`]),
    ],
    ...(state === "error" ? { cause: record.failure || "FSx gave no cause" } : {}),
    detail,
  };
  if (!isCopy) {
    if (record.source !== undefined) return "a copy within the home region, which is none of ours";
    return { ...common, member: unit };
  }
  const read = readCopy(tags);
  if (typeof read === "string") return read;
  if (record.source !== read.source || record.sourceRegion !== tags[TAG.home])
    return `${TAG.source} is "${read.source}" of ${tags[TAG.home]}, but FSx says that it was copied from ${record.source ?? "nothing"} of ${record.sourceRegion ?? "nowhere"}`;
  return { ...common, ...read };
}

/** FSx has no condition on who creates: only where tags, identity and what AWS says agree is a backup ours. */
function place(record: BackupRecord, where: Where): Placed | string {
  const point = readPoint(record.tags, where.region, FSX);
  if (typeof point === "string") return point;
  const artifact = readPart(record, point.home !== where.region, where);
  if (typeof artifact === "string") return artifact;
  if (point.resource !== resourceId(artifact.member))
    return `${TAG.resource} is "${point.resource}", but it is of ${artifact.member}`;
  if (record.unit !== artifact.member)
    return `${TAG.member} is "${artifact.member}", but FSx says that it is of ${record.unit}`;
  return { point, artifact };
}

/** Points of the deployment, and what has its tag and is none. */
export function pointsFromBackups(
  records: Iterable<BackupRecord>,
  where: Where,
): { readonly points: readonly Point[]; readonly strays: readonly Stray[] } {
  const { add, points } = makeGrouping();
  const strays: Stray[] = [];
  for (const record of records) {
    if (record.tags[TAG.deployment] !== where.deployment) continue;
    const placed = place(record, where);
    if (typeof placed === "string") strays.push({ artifact: record.id, problem: placed });
    else add(placed);
  }
  return { points: points(), strays };
}
