/** The user's cache folder: what set-up builds lies there once, for every checkout, under a name that says what it was built from. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { withLock } from "../processes/lock.mjs";

/**
 * `$LOCKSTEP_CACHE`, else the place the operating system has for caches.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 * @returns {string}
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env["LOCKSTEP_CACHE"]) return env["LOCKSTEP_CACHE"];
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "lockstep");
  return platform === "darwin" ? join(home, "Library", "Caches", "lockstep") : join(home, ".cache", "lockstep");
}

/**
 * The name of something built from these files on this kind of machine: another content, another name.
 * @param {string} kind
 * @param {readonly string[]} files
 * @returns {string}
 */
export function keyOf(kind, files) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`\0${basename(file)} ${content.length}\0`).update(content);
  }
  return `${kind}-${hash.digest("hex").slice(0, 20)}`;
}

/**
 * @typedef {object} Recipe
 * @property {string} cache
 * @property {string} name
 * @property {(folder: string, lock: import("../processes/lock.mjs").Lock) => Promise<void>} build fills an empty folder
 * @property {(folder: string) => boolean} [usable] false: built once, but no longer any good
 * @property {(pid: number | undefined) => void} [onWait] somebody else is building it
 * @property {AbortSignal} [signal]
 */

/**
 * Returns the folder with that name, building it first if need be. It is built beside its place and renamed when it is
 * complete: a folder under the final name is always whole, and one process builds while others wait.
 * @param {Recipe} recipe
 * @returns {Promise<string>}
 */
export async function obtain({ cache, name, build, usable = () => true, onWait, signal }) {
  const folder = join(cache, name);
  const isThere = () => existsSync(folder) && usable(folder);
  if (isThere()) return folder;
  mkdirSync(cache, { recursive: true });
  const work = async (/** @type {import("../processes/lock.mjs").Lock} */ lock) => {
    if (isThere()) return folder;
    sweep(cache, name);
    const temporary = mkdtempSync(join(cache, `${name}.tmp-`));
    try {
      await build(temporary, lock);
      if (existsSync(folder)) renameSync(folder, join(temporary, ".replaced"));
      renameSync(temporary, folder);
      rmSync(join(folder, ".replaced"), { recursive: true, force: true });
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    return folder;
  };
  return withLock(join(cache, `${name}.lock`), work, { ...(onWait && { onWait }), ...(signal && { signal }) });
}

/**
 * Removes what a killed set-up left. Only the holder of the lock builds, so nobody is at work in these folders.
 * @param {string} cache @param {string} name
 */
function sweep(cache, name) {
  for (const entry of readdirSync(cache)) {
    if (entry.startsWith(`${name}.tmp-`)) rmSync(join(cache, entry), { recursive: true, force: true });
  }
}
