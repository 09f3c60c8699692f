import { newestSlot, nextSlot, type Schedule } from "./schedule.js";

const MINUTE_MS = 60_000;
/** A copy is made after its point, and the first one is a full one. */
const COPY_ALLOWANCE_MS = 60 * MINUTE_MS;
/** A region at rest looks every quarter of an hour: a slot that only the tick sees is begun by then, and needs as long to complete. */
const GRACE_LEAST_MS = 30 * MINUTE_MS;
/** Of a slow schedule nobody should hear only after weeks: by the next day, a point that failed was tried again many times. */
const GRACE_MOST_MS = 24 * 60 * MINUTE_MS;

/** Where points are made, or where their copies go. */
export type Place = "home" | "copy";

/** What a schedule wants next of a resource. */
export interface Due {
  /** The first slot that the newest completed point does not meet. */
  readonly slot: number;
  /** From then on its point or copy is overdue, if none is completed. */
  readonly deadline: number;
}

/**
 * What a policy's schedule wants after the newest completed point of a resource, by the start of its data (or, where there is
 * none, after the resource came to be); undefined where no slot will come. However long the schedule pauses, nothing is due
 * before its next slot. One point may fail, two in a row must not: so its grace is as long as the slot after it takes to come,
 * but half an hour at least and a day at most. A copy has an hour more.
 */
export function dueAfter(schedule: Schedule, start: number, place: Place): Due | undefined {
  const slot = nextSlot(schedule, start);
  if (slot === undefined) return undefined;
  const pause = (nextSlot(schedule, slot) ?? Number.POSITIVE_INFINITY) - slot;
  const grace = Math.min(GRACE_MOST_MS, Math.max(GRACE_LEAST_MS, pause));
  return { slot, deadline: slot + grace + (place === "copy" ? COPY_ALLOWANCE_MS : 0) };
}

/**
 * By how many milliseconds the next point of a resource is overdue at `now`, given the start of its newest completed one: 0
 * where it is not. See `dueAfter`. Made once for a schedule, to be asked for each resource.
 */
export function overdueAt(schedule: Schedule, now: number, place: Place): (start: number) => number {
  const newest = newestSlot(schedule, now) ?? Number.NEGATIVE_INFINITY;
  return (start) => {
    if (start >= newest) return 0;
    const due = dueAfter(schedule, start, place);
    return due === undefined ? 0 : Math.max(0, now - due.deadline);
  };
}
