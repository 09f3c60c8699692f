import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** What the engine's file backend writes into a lock (pkg/backend/diy/lock.go of Pulumi 3.250). */
const Lock = v.object({ pid: v.number(), hostname: v.string() });

/**
 * Removes a stack's locks in a file backend when every one of them was left by a process of this machine that no
 * longer lives. Returns how many; 0 also means that somebody still works on it, or that it cannot be known.
 */
export async function removeStaleLocks(backend: string, stack: string): Promise<number> {
  if (!backend.startsWith("file://")) return 0;
  const root = join(fileURLToPath(backend), ".pulumi", "locks");
  const all = await readdir(root, { recursive: true }).catch(() => []);
  const locks = all.filter((path) => path.split("/").at(-2) === stack && path.endsWith(".json"));
  const stale = await Promise.all(locks.map(async (path) => isStale(await readFile(join(root, path), "utf8"))));
  if (locks.length === 0 || stale.includes(false)) return 0;
  await Promise.all(locks.map((path) => rm(join(root, path), { force: true })));
  return locks.length;
}

function isStale(text: string): boolean {
  const lock = v.safeParse(v.pipe(v.string(), v.parseJson(), Lock), text);
  return lock.success && lock.output.hostname === hostname() && !alive(lock.output.pid);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
