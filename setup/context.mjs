/** What every part of set-up is given. */
import { get } from "node:https";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./install/cache.mjs";

/** The checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Context
 * @property {string} root the checkout
 * @property {string} cache
 * @property {NodeJS.ProcessEnv} env
 * @property {AbortSignal} signal
 * @property {(line: string) => void} say
 * @property {(url: string) => Promise<boolean>} canReach
 */

/**
 * @param {AbortSignal} signal
 * @returns {Context}
 */
export function contextOf(signal) {
  // On stderr: the output of the command itself is for whoever reads it.
  const say = (/** @type {string} */ line) => console.error(`setup: ${line}`);
  return { root: ROOT, cache: cacheFolder(), env: process.env, signal, say, canReach };
}

/** How long a site has to answer, in milliseconds. */
const ANSWER = 3_000;

/** @param {string} url @returns {Promise<boolean>} */
function canReach(url) {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => request.destroy(new Error("too slow")), ANSWER);
    const request = get(url, (response) => {
      response.destroy();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
    request.on("close", () => {
      clearTimeout(deadline);
      resolve(false);
    });
  });
}

/** How often a long step says that it is still at work. */
const STILL = 30_000;

/**
 * Tells what is done, how long that usually takes, and how long it took.
 * @template T
 * @param {Context} context
 * @param {string} what
 * @param {string} usually
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function told({ say }, what, usually, work) {
  const start = performance.now();
  const seconds = () => `${Math.round((performance.now() - start) / 1000)} s`;
  say(`${what} (usually ${usually}) …`);
  const still = setInterval(() => say(`${what}: still at it after ${seconds()}`), STILL);
  try {
    const result = await work();
    say(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(still);
  }
}
