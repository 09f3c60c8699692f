import type { Open } from "../../core/model/causes.js";
import type { State } from "../store/ledger.js";

/** What a later look may well find otherwise: nothing else would make anybody look. */
const PASSING = /^(region-unknown|(create|copy|finalize|delete|adopt)-refused)$/;
/** So that the next tick looks, which comes each minute. */
const SOON_MS = 45_000;

/**
 * When to look again at what could not be read, or what AWS refused: at the next tick, then after as long again as it has been so.
 * The newest decides; what has been so for a quarter of an hour waits for the looks of idle times.
 */
export function tryAgain(open: readonly Open[], now: number): Pick<State, "tryAgainAt"> {
  const since = open.flatMap((one) => (PASSING.test(one.trouble.cause) ? [one.since] : []));
  return since.length === 0 ? {} : { tryAgainAt: now + Math.max(SOON_MS, now - Math.max(...since)) };
}
