/** Where the time of the tests went. */

/** @typedef {{ title: string, seconds: number }} Timing of a test, or of a hook */

const SHOWN = 20;

/**
 * @param {readonly Timing[]} timings
 * @returns {string}
 */
export function slowest(timings) {
  const shown = timings.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
  const lines = shown.map(({ title, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${title}`);
  return [`The slowest ${shown.length}:`, ...lines].join("\n");
}
