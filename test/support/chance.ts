/** What is left to chance in the tests, and how deep they go. Mocha loads it before any of them (.mocharc.json). */
import fc from "fast-check";

/** `npm run test:long` sets it (setup/checks/tests.mjs). */
export const IS_LONG = process.env["LOCKSTEP_LONG"] === "1";

/** How much deeper the long tests go. */
const DEEPER = 20;

const asked = process.env["SEED"];
if (asked !== undefined && !/^\d{1,9}$/.test(asked)) throw new Error(`SEED is "${asked}", not a number such as 7`);

/**
 * Where chance begins: fixed, because a new one each day would fail whoever comes next. `SEED=n` tries another; what that finds
 * becomes a test of its own.
 */
export const SEED = Number(asked ?? 20_261_121);

/** How often a property is tried, that is enough to be tried so often while one works on it. */
export const runs = (often: number): number => (IS_LONG ? DEEPER * often : often);

fc.configureGlobal({ seed: SEED, numRuns: runs(100) });
