import { sayDuration } from "./duration.js";
import type { Retain } from "./model.js";

/** What retention looks at. */
export interface Retained {
  readonly id: string;
  /** Real start of its data. */
  readonly start: number;
  /** Only what can be restored from counts. */
  readonly complete: boolean;
}

/**
 * Why each point stays; an empty list means no rule keeps it. Points come newest first. Age counts back from the newest
 * completed point, not from now: a scheduler that stopped never ages the last points out. What is not complete takes no
 * other's place: it stays as long as it would if it were complete, since what it lacks may come back.
 */
export function decide(points: readonly Retained[], retain: Retain): ReadonlyMap<string, readonly string[]> {
  const complete = points.filter((point) => point.complete);
  const { count, ageMs } = retain;
  const newest = complete.reduce((latest, point) => Math.max(latest, point.start), Number.NEGATIVE_INFINITY);
  let i = 0;
  return new Map(
    points.map((point) => {
      const why: string[] = [];
      if (i === 0 && point.complete) why.push("newest completed");
      if (count !== undefined && i < count) why.push(`count ${i + 1} of ${count}`);
      if (ageMs !== undefined && point.start >= newest - ageMs) why.push(`within ${sayDuration(ageMs)} of the newest`);
      if (point.complete) i += 1;
      return [point.id, why];
    }),
  );
}

/** What a point is past when no rule keeps it, for the reason of its delete. */
export function sayRetain({ count, ageMs }: Retain): string {
  const rules = [
    ...(count === undefined ? [] : [`past count ${count}`]),
    ...(ageMs === undefined ? [] : [`older than ${sayDuration(ageMs)} before the newest`]),
  ];
  return rules.join(" and ");
}
