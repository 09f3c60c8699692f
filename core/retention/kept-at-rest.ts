import type { Policy, Retain } from "../model/model.js";
import { TIER_NAMES } from "../schedule/calendar.js";
import { newestSlot, type Schedule, scheduleOf } from "../schedule/schedule.js";

/** No quota has room for more points of one resource. */
const MOST = 20_000;

/** Slots of a schedule in the time before now. */
function slotsIn(schedule: Schedule, ageMs: number, now: number): number {
  let count = 0;
  let slot = newestSlot(schedule, now);
  while (slot !== undefined && slot > now - ageMs && count < MOST) {
    count += 1;
    slot = newestSlot(schedule, slot - 1);
  }
  return count;
}

/**
 * How many points of a resource a retention keeps once it has been at work for long, at most: tiers may keep what others keep too. One more
 * is there while the next is made.
 */
export function keptAtRest(retain: Retain, policy: Policy, now: number): number {
  const { count = 0, ageMs } = retain;
  const schedule = scheduleOf(policy);
  const aged = ageMs === undefined || schedule === undefined ? 0 : slotsIn(schedule, ageMs, now) + 1;
  const tiers = TIER_NAMES.reduce((sum, tier) => sum + (retain[tier] ?? 0), 0);
  return Math.max(1, count, aged) + tiers + 1;
}
