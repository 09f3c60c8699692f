/** A lock file that says who holds it, so that one left behind by a killed set-up does not block the next. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/**
 * A held lock.
 * @typedef {object} Lock
 * @property {(pid: number) => void} add the lock also counts as held while this process lives: `npm ci` or `go build`
 *   go on when the set-up that started them is killed
 */

/** @typedef {{ host: string, processes: { pid: number, started: string }[] }} Holder */

const POLL = 200;
/** How often a holder touches its lock, and after how long without a touch another machine's lock is taken for dead. */
const TOUCH = 5_000;
const DEAD_AFTER = 60_000;

/**
 * Runs `work` while holding the lock. Waits while somebody else who is alive holds it.
 * @template T
 * @param {string} path
 * @param {(lock: Lock) => Promise<T>} work
 * @param {{ onWait?: (pid: number | undefined) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait, signal } = {}) {
  /** @type {Holder} */
  const self = { host: hostname(), processes: [{ pid: process.pid, started: startOf(process.pid) ?? "" }] };
  await acquire(path, self, onWait, signal);
  const touch = setInterval(() => touchFile(path), TOUCH);
  touch.unref();
  try {
    return await work({
      add(pid) {
        self.processes.push({ pid, started: startOf(pid) ?? "" });
        const temporary = unique(path);
        writeFileSync(temporary, JSON.stringify(self));
        renameSync(temporary, path);
      },
    });
  } finally {
    clearInterval(touch);
    rmSync(path, { force: true });
  }
}

/**
 * @param {string} path @param {Holder} self @param {((pid: number | undefined) => void) | undefined} onWait
 * @param {AbortSignal | undefined} signal
 */
async function acquire(path, self, onWait, signal) {
  let told = false;
  let touched = 0;
  let unchangedSince = performance.now();
  while (!tryTake(path, self)) {
    const seen = read(path);
    if (seen === undefined) continue;
    if (seen.mtime !== touched) {
      touched = seen.mtime;
      unchangedSince = performance.now();
    }
    if (!isAlive(seen.holder, performance.now() - unchangedSince)) {
      steal(path, seen.text);
      continue;
    }
    if (!told) onWait?.(seen.holder?.processes[0]?.pid);
    told = true;
    await wait(POLL, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

/** @param {string} path @param {Holder} self */
function tryTake(path, self) {
  const temporary = unique(path);
  writeFileSync(temporary, JSON.stringify(self));
  try {
    linkSync(temporary, path); // atomic, and the file is never seen empty
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** @param {string} path */
function read(path) {
  try {
    const text = readFileSync(path, "utf8");
    return { text, mtime: statSync(path).mtimeMs, holder: parse(text) };
  } catch {
    return undefined; // released between our attempt and this look
  }
}

/** @param {string} text @returns {Holder | undefined} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value.host === "string" && Array.isArray(value.processes) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A lock of this machine is alive while one of its processes is; of another machine (a shared home folder, a container)
 * we only see that it is still being touched.
 * @param {Holder | undefined} holder @param {number} untouched milliseconds
 */
function isAlive(holder, untouched) {
  if (holder?.host !== hostname()) return untouched < DEAD_AFTER;
  return holder.processes.some(({ pid, started }) => startOf(pid) === started);
}

/**
 * Takes away a dead holder's lock. Two who do so at once cannot both succeed: whoever moved a living lock puts it back.
 * @param {string} path @param {string} seen
 */
function steal(path, seen) {
  const moved = unique(path);
  try {
    renameSync(path, moved);
    if (readFileSync(moved, "utf8") !== seen) linkSync(moved, path);
  } catch {
    // Somebody else was faster; the next attempt decides.
  } finally {
    rmSync(moved, { force: true });
  }
}

/**
 * When a process started, which tells it from a later one with the same id; undefined if it does not run.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startOf(pid) {
  try {
    if (process.platform !== "linux") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
    }
    // proc(5): the fields after the parenthesised name; state is the 3rd, starttime the 22nd
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** @param {string} path */
function touchFile(path) {
  try {
    const now = Date.now() / 1000;
    utimesSync(path, now, now);
  } catch {
    // Taken away by hand: the work goes on, and its result is put in place atomically.
  }
}

/** @param {string} path */
function unique(path) {
  return `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
}
