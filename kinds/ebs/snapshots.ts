import type { Artifact, ArtifactState, Point, TagNames } from "../../core/model/model.js";
import { makeGrouping as makePoints, type Placed, readCopy, readPoint } from "../../core/model/read-point.js";
import { TAG, TAG_NAMES } from "../../core/names/tags.js";
import type { ArtifactDetail } from "./details.js";
import { EBS } from "./words.js";

/** A snapshot as AWS describes it, without the AWS types. */
export interface SnapshotRecord {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly state: string;
  /** Milliseconds since the Unix epoch. */
  readonly startTime: number;
  /** 0 to 100. */
  readonly progress: number;
  readonly sizeGiB: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly description?: string | undefined;
  readonly stateMessage?: string | undefined;
  /** Set on copies only (EC2 API reference, Snapshot). */
  readonly transferType?: string | undefined;
}

/** A snapshot with our ownership tag that we cannot place. It may be somebody's own copy of ours: it is never deleted. */
export interface Stray {
  readonly snapshot: string;
  readonly problem: string;
}

export interface Survey {
  readonly points: readonly Point[];
  readonly strays: readonly Stray[];
}

/** Whose snapshots are looked for, and where. */
export interface Where {
  readonly deployment: string;
  readonly region: string;
  readonly tagNames?: TagNames | undefined;
  /** Keys of tags that tell a snapshot's own volume; a part says which of them it has. @default none */
  readonly labels?: readonly string[];
}

/** EBS knows more states than three; none of the others can be restored from at once (EC2 API reference, Snapshot: recoverable, recovering). */
function stateOf(state: string): ArtifactState | undefined {
  if (state === "completed" || state === "pending" || state === "error") return state;
  return undefined;
}

/** Who else deletes a snapshot when its time has come: AWS's services mark theirs with tags that nobody else can write, DLM also so. */
export function managedBy(tags: SnapshotRecord["tags"]): string | undefined {
  const keys = Object.keys(tags);
  if (keys.some((key) => key.startsWith("aws:backup:"))) return "AWS Backup";
  if (keys.some((key) => key.startsWith("aws:dlm:")) || tags["dlm:managed"] === "true") return "Amazon DLM";
  return undefined;
}

/** What was taken in from such a service is counted and copied, and never deleted by us. */
function managerOf(tags: SnapshotRecord["tags"]): string[] {
  const manager = managedBy(tags);
  return manager === undefined ? [] : [`managed by ${manager}`];
}

function readPart(
  record: SnapshotRecord,
  copied: boolean,
  { tagNames = TAG_NAMES, labels = [] }: Where,
): Artifact | string {
  const { keepForever } = tagNames;
  const { tags } = record;
  const device = tags[TAG.device] ?? "";
  const state = stateOf(record.state);
  if (state === undefined) return `in the state "${record.state}"`;
  const common = {
    id: record.snapshotId,
    state,
    startedAt: record.startTime,
    progress: record.progress,
    sizeGiB: record.sizeGiB,
    holds: [...(Object.hasOwn(tags, keepForever) ? [keepForever] : []), ...managerOf(tags)],
    ...(state === "error" ? { cause: record.stateMessage || "EBS gave no cause" } : {}),
  };
  if (!copied) {
    if (record.transferType !== undefined) return "a copy within the home region, which is none of ours";
    const tagged = labels.filter((key) => Object.hasOwn(tags, key));
    const detail: ArtifactDetail = { device, ...(tagged.length === 0 ? {} : { tagged }) };
    return { ...common, member: record.volumeId, detail };
  }
  const read = readCopy(tags);
  if (typeof read === "string") return read;
  const detail: ArtifactDetail = { device };
  return { ...common, ...read, detail };
}

function place(record: SnapshotRecord, where: Where): Placed | string {
  const { region } = where;
  const point = readPoint(record.tags, region, EBS);
  if (typeof point === "string") return point;
  const artifact = readPart(record, point.home !== region, where);
  return typeof artifact === "string" ? artifact : { point, artifact };
}

/**
 * Groups the snapshots of one region into points, as they come. Those of other deployments or nobody are left out; those with our
 * ownership tag that cannot be placed are strays, for a person to look at.
 */
export function makeGrouping(where: Where) {
  const { add, points } = makePoints();
  const strays: Stray[] = [];
  return {
    add(record: SnapshotRecord): void {
      if (record.tags[TAG.deployment] !== where.deployment) return;
      const placed = place(record, where);
      if (typeof placed === "string") strays.push({ snapshot: record.snapshotId, problem: placed });
      else add(placed);
    },
    survey: (): Survey => ({ points: points(), strays }),
  };
}

/** Groups all snapshots of one region at once. */
export function pointsFromSnapshots(snapshots: Iterable<SnapshotRecord>, where: Where): Survey {
  const { add, survey } = makeGrouping(where);
  for (const record of snapshots) add(record);
  return survey();
}
