import { pointId } from "../names/identity.js";
import { TAG } from "../names/tags.js";
import type { KindRules } from "./kind.js";
import type { Artifact, Level, Point } from "./model.js";

type Tags = Readonly<Record<string, string>>;

/** What the tags of an artifact say of the point that it belongs to. */
export type PointHead = Omit<Point, "artifacts">;

/** An artifact and where it belongs. */
export interface Placed {
  readonly point: PointHead;
  readonly artifact: Artifact;
}

const LEVELS: readonly Level[] = ["crash", "application"];

/** Strict: only what `toISOString` writes. */
function instant(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : ms;
}

const NO_TIME = "not a time like 2026-11-21T03:00:00.000Z";

const REQUIRED = ["policy", "resource", "kind", "home", "point", "scheduled", "size", "level"] as const;

/**
 * Reads what pointTags wrote.
 * @returns what is wrong with the tags, where they are no point of the kind
 */
export function readPoint(
  tags: Tags,
  region: string,
  { resourceKinds, words }: Pick<KindRules, "resourceKinds" | "words">,
): PointHead | string {
  const [policy, resource, kind, home, id, slot, size, ofLevel] = REQUIRED.map((key) => tags[TAG[key]]);
  if (!policy || !resource || !kind || !home || !id || !slot || !size || !ofLevel)
    return `without ${REQUIRED.flatMap((key) => (tags[TAG[key]] ? [] : [TAG[key]])).join(", ")}`;
  const level = LEVELS.find((l) => l === ofLevel);
  const scheduled = instant(slot);
  if (!resourceKinds.includes(kind)) return `${TAG.kind} is "${kind}", not one of ${resourceKinds.join(", ")}`;
  if (level === undefined) return `${TAG.level} is "${ofLevel}", not one of ${LEVELS.join(", ")}`;
  if (scheduled === undefined) return `${TAG.scheduled} is "${slot}", ${NO_TIME}`;
  if (!/^[1-9]\d{0,4}$/.test(size)) return `${TAG.size} is "${size}", not a number of ${words.artifacts}`;
  const expected = pointId({ policy, home, resource, scheduled });
  // Tags that were changed, or copied onto something else, must not make it ours to delete.
  if (id !== expected) return `${TAG.point} is "${id}", but its other tags say ${expected}`;
  const recorded = tags[TAG.retain];
  const point = { id, policy, resource, kind, home, region, scheduled, size: Number(size), level };
  return recorded === undefined ? point : { ...point, recorded };
}

/**
 * Reads what copyTags wrote: of what a copy is, and how old its data are.
 * @returns what is wrong with the tags
 */
export function readCopy(tags: Tags): Required<Pick<Artifact, "member" | "source" | "takenAt">> | string {
  const [member, source, takenAt] = [tags[TAG.member], tags[TAG.source], instant(tags[TAG.taken])];
  if (!member || !source) return `a copy without ${TAG.member} or ${TAG.source}`;
  if (takenAt === undefined) return `${TAG.taken} is "${tags[TAG.taken] ?? ""}", ${NO_TIME}`;
  return { member, source, takenAt };
}

const lower = (a: Level, b: Level): Level => (a === "crash" ? a : b);

/** A point while its artifacts come. */
type Draft = Omit<PointHead, "size" | "level"> & { artifacts: Artifact[]; size: number; level: Level };

/** Gathers the artifacts of one region into their points, as they come. */
export function makeGrouping() {
  const points = new Map<string, Draft>();
  return {
    add({ point, artifact }: Placed): void {
      const draft = points.get(point.id);
      if (draft === undefined) {
        points.set(point.id, { ...point, artifacts: [artifact] });
        return;
      }
      draft.artifacts.push(artifact);
      // Where the tags of one set differ, believe what promises less.
      draft.size = Math.max(draft.size, point.size);
      draft.level = lower(draft.level, point.level);
    },
    points: (): Point[] => [...points.values()],
  };
}
