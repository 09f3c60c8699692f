import type { Policy } from "../../core/model.js";
import { newestSlot, parseSchedule } from "../../core/schedule.js";

const MINUTE_MS = 60_000;
/** No schedule of AWS's is further apart than its last year. */
const FURTHEST_MS = 200 * 366 * 86_400_000;

/** When the policy is due next, after a time; undefined where it never is again. Schedules have whole minutes. */
export function nextDue(
  { schedule, timezone }: Pick<Policy, "schedule" | "timezone">,
  after: number,
): number | undefined {
  const parsed = schedule === undefined ? undefined : parseSchedule(schedule, timezone);
  if (!parsed?.ok) return undefined;
  const isPast = (time: number) => (newestSlot(parsed.schedule, time) ?? Number.NEGATIVE_INFINITY) > after;
  let span = MINUTE_MS;
  for (; !isPast(after + span); span *= 2) if (span > FURTHEST_MS) return undefined;
  // The first time at which a later slot is past is that slot itself.
  let [low, high] = [after, after + span];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle;
  }
  return high;
}
