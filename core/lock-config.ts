import type { Checks } from "./checks.js";
import type { Lock } from "./model.js";

/** EC2 API reference, LockSnapshot: LockDuration, CoolOffPeriod. */
const DAYS_MAX = 36_500;
const COOL_OFF_MAX = 72;

const KEYS = ["mode", "days", "coolOffHours", "irrevocable"];
const WANT = "a lock like { mode: governance, days: 7 }";
/** Nobody can take such a lock back, nor get rid of what it costs: not by a slip of the pen. */
const CONFIRM = "true, since nobody, AWS neither, can delete a snapshot under a compliance lock before its end";

const within =
  (most: number) =>
  (value: unknown): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;

/** The lock that is put on new points; undefined for none. */
export function readLock(checks: Checks, key: string, value: unknown): Lock | undefined {
  if (value === undefined) return undefined;
  const { mode, days, coolOffHours, irrevocable } = checks.object(key, value, KEYS, WANT);
  const isMode = mode === "governance" || mode === "compliance";
  if (!isMode) checks.add(`${key}.mode`, mode, '"governance" or "compliance"');
  if (!within(DAYS_MAX)(days)) checks.add(`${key}.days`, days, `a whole number from 1 to ${DAYS_MAX}`);
  if (coolOffHours !== undefined && mode === "governance") {
    checks.add(`${key}.coolOffHours`, coolOffHours, "nothing: only a compliance lock cools off");
  } else if (coolOffHours !== undefined && !within(COOL_OFF_MAX)(coolOffHours)) {
    checks.add(`${key}.coolOffHours`, coolOffHours, `a whole number from 1 to ${COOL_OFF_MAX}`);
  }
  if (mode === "compliance" && irrevocable !== true) checks.add(`${key}.irrevocable`, irrevocable, CONFIRM);
  if (mode === "governance" && irrevocable !== undefined) {
    checks.add(`${key}.irrevocable`, irrevocable, "nothing: a governance lock can be undone");
  }
  return {
    mode: isMode ? mode : "governance",
    days: typeof days === "number" ? days : 0,
    ...(within(COOL_OFF_MAX)(coolOffHours) ? { coolOffHours } : {}),
  };
}
