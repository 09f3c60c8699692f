const FIRST_MS = 1_000;
const STEP_MS = 60_000;
const LONGEST_MS = 3_600_000;

/** So many failures make the pause longest: older ones change nothing. */
export const FAILURES_COUNTED = 2 + Math.ceil(Math.log2(LONGEST_MS / STEP_MS));

/**
 * How long to leave alone what failed `failures` times: once is tried again at once, then the pause doubles from a minute to an
 * hour. A lineage that always fails must not take a slot in every run.
 */
export function pauseAfter(failures: number): number {
  if (failures <= 1) return FIRST_MS;
  return Math.min(STEP_MS * 2 ** Math.min(failures - 2, 10), LONGEST_MS);
}
