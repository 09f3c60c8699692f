import type { Policy } from "../core/model/model.js";
import { nextSlot, parseSchedule } from "../core/schedule/schedule.js";

/** When the policy is due next, after a time; undefined where it never is again. */
export function nextDue(
  { schedule, timezone }: Pick<Policy, "schedule" | "timezone">,
  after: number,
): number | undefined {
  const parsed = schedule === undefined ? undefined : parseSchedule(schedule, timezone);
  return parsed?.ok ? nextSlot(parsed.schedule, after) : undefined;
}
