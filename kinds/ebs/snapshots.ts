import type { Artifact, ArtifactState, Level, Point, ResourceKind, TagNames } from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { TAG, TAG_NAMES } from "../../core/names/tags.js";
import type { ArtifactDetail } from "./details.js";

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

interface Placed {
  readonly point: Omit<Point, "artifacts">;
  readonly part: Artifact;
}

const LEVELS: readonly Level[] = ["crash", "application"];
const KINDS: readonly ResourceKind[] = ["instance", "volume"];

/** EBS knows more states than three; none of the others can be restored from at once (EC2 API reference, Snapshot: recoverable, recovering). */
function stateOf(state: string): ArtifactState | undefined {
  if (state === "completed" || state === "pending" || state === "error") return state;
  return undefined;
}

/** Strict: only what `toISOString` writes. */
function instant(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : ms;
}

const NO_TIME = "not a time like 2026-11-21T03:00:00.000Z";

const REQUIRED = ["policy", "resource", "kind", "home", "point", "scheduled", "size", "level"] as const;

function readPoint(tags: SnapshotRecord["tags"], region: string): Placed["point"] | string {
  const [policy, resource, ofKind, home, id, slot, size, ofLevel] = REQUIRED.map((key) => tags[TAG[key]]);
  if (!policy || !resource || !ofKind || !home || !id || !slot || !size || !ofLevel)
    return `without ${REQUIRED.flatMap((key) => (tags[TAG[key]] ? [] : [TAG[key]])).join(", ")}`;
  const kind = KINDS.find((k) => k === ofKind);
  const level = LEVELS.find((l) => l === ofLevel);
  const scheduled = instant(slot);
  if (kind === undefined) return `${TAG.kind} is "${ofKind}", not one of ${KINDS.join(", ")}`;
  if (level === undefined) return `${TAG.level} is "${ofLevel}", not one of ${LEVELS.join(", ")}`;
  if (scheduled === undefined) return `${TAG.scheduled} is "${slot}", ${NO_TIME}`;
  if (!/^[1-9]\d{0,4}$/.test(size)) return `${TAG.size} is "${size}", not a number of snapshots`;
  const expected = pointId({ policy, home, resource, scheduled });
  // Tags that were changed, or copied onto something else, must not make it ours to delete.
  if (id !== expected) return `${TAG.point} is "${id}", but its other tags say ${expected}`;
  const recorded = tags[TAG.retain];
  const point = { id, policy, resource, kind, home, region, scheduled, size: Number(size), level };
  return recorded === undefined ? point : { ...point, recorded };
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
  const [volume, source, takenAt] = [tags[TAG.member], tags[TAG.source], instant(tags[TAG.taken])];
  if (!volume || !source) return `a copy without ${TAG.member} or ${TAG.source}`;
  if (takenAt === undefined) return `${TAG.taken} is "${tags[TAG.taken] ?? ""}", ${NO_TIME}`;
  const detail: ArtifactDetail = { device };
  return { ...common, member: volume, source, takenAt, detail };
}

function place(record: SnapshotRecord, where: Where): Placed | string {
  const { region } = where;
  const point = readPoint(record.tags, region);
  if (typeof point === "string") return point;
  const part = readPart(record, point.home !== region, where);
  return typeof part === "string" ? part : { point, part };
}

const lower = (a: Level, b: Level): Level => (a === "crash" ? a : b);

/** A point while its snapshots come. */
type Draft = Omit<Point, "artifacts" | "size" | "level"> & { artifacts: Artifact[]; size: number; level: Level };

/**
 * Groups the snapshots of one region into points, as they come. Those of other deployments or nobody are left out; those with our
 * ownership tag that cannot be placed are strays, for a person to look at.
 */
export function makeGrouping(where: Where) {
  const points = new Map<string, Draft>();
  const strays: Stray[] = [];
  return {
    add(record: SnapshotRecord): void {
      if (record.tags[TAG.deployment] !== where.deployment) return;
      const placed = place(record, where);
      if (typeof placed === "string") {
        strays.push({ snapshot: record.snapshotId, problem: placed });
        return;
      }
      const { point, part } = placed;
      const draft = points.get(point.id);
      if (draft === undefined) {
        points.set(point.id, { ...point, artifacts: [part] });
        return;
      }
      draft.artifacts.push(part);
      // Where the tags of one set differ, believe what promises less.
      draft.size = Math.max(draft.size, point.size);
      draft.level = lower(draft.level, point.level);
    },
    survey: (): Survey => ({ points: [...points.values()], strays }),
  };
}

/** Groups all snapshots of one region at once. */
export function pointsFromSnapshots(snapshots: Iterable<SnapshotRecord>, where: Where): Survey {
  const { add, survey } = makeGrouping(where);
  for (const record of snapshots) add(record);
  return survey();
}
