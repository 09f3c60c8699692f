import { spawnSync } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** What the engine's file backend writes into a lock (pkg/backend/diy/lock.go of Pulumi 3.250). */
const Content = v.object({
  pid: v.number(),
  hostname: v.string(),
  username: v.optional(v.string(), "?"),
  timestamp: v.optional(v.string(), "?"),
});

/** Somebody has, or had, a stack to himself. */
export interface Lock {
  readonly file: string;
  /** For people. */
  readonly owner: string;
  /** Whether its process lives; undefined where that cannot be known from here. */
  readonly alive: boolean | undefined;
  readonly pid: number | undefined;
}

/** The locks of a stack, or of all; undefined in a backend into which only the engine can look. */
export async function locksOf(backend: string, stack?: string): Promise<readonly Lock[] | undefined> {
  if (!backend.startsWith("file://")) return undefined;
  const root = join(fileURLToPath(backend), ".pulumi", "locks");
  const all = await readdir(root, { recursive: true }).catch(() => []);
  const files = all.filter(
    (path) => path.endsWith(".json") && (stack === undefined || path.split("/").at(-2) === stack),
  );
  const locks = await Promise.all(files.map((path) => lockOf(join(root, path))));
  return locks.filter((lock) => lock !== undefined);
}

async function lockOf(file: string): Promise<Lock | undefined> {
  // One that is given back meanwhile is none.
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Content), text);
  if (!parsed.success) return { file, owner: "somebody unknown", alive: undefined, pid: undefined };
  const { pid, hostname: host, username, timestamp } = parsed.output;
  const isHere = host === hostname();
  return {
    file,
    owner: `${username}@${host}, process ${pid}, since ${timestamp}`,
    alive: isHere ? alive(pid) : undefined,
    pid: isHere ? pid : undefined,
  };
}

/** How long an engine without a driver is given to end: its next line of output ends it. */
const ORPHAN_MS = 30_000;

/**
 * Removes a stack's locks in a file backend when every one of them was left by a process of this machine that no
 * longer lives. Returns how many; 0 also means that somebody still works on it, or that it cannot be known.
 */
export async function removeStaleLocks(backend: string, stack: string, signal?: AbortSignal): Promise<number> {
  const deadline = Date.now() + ORPHAN_MS;
  for (;;) {
    const locks = (await locksOf(backend, stack)) ?? [];
    if (locks.every((lock) => lock.alive === false)) {
      await Promise.all(locks.map(({ file }) => rm(file, { force: true })));
      return locks.length;
    }
    const orphans = locks.every(({ alive, pid }) => alive === false || (alive && pid !== undefined && isOrphan(pid)));
    if (!orphans || signal?.aborted || Date.now() > deadline) return 0;
    await sleep(200);
  }
}

/** Whether a process of this machine lives. One that ended and that nobody has asked about yet does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !ps(pid, "stat=").startsWith("Z");
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a lock stays as it is: who has it may be at work, and is no engine whose driver is gone, which ends by itself. */
export const holds = ({ alive, pid }: Lock): boolean => alive !== false && (pid === undefined || !isOrphan(pid));

/** Whether the process outlived the driver that started it. */
const isOrphan = (pid: number): boolean => ps(pid, "ppid=") === "1";

const ps = (pid: number, column: string): string =>
  (spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).stdout ?? "").trim();
