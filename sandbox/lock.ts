import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";

/** A file that says which process owns a folder. */
export interface Lock {
  release(): void;
}

/** The owner of the lock, or undefined when there is none or it has ended. */
export function lockOwner(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Takes the lock, or returns the process that has it. What an ended process left is taken over. */
export function takeLock(path: string): Lock | number {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (create(path)) return { release: () => rmSync(path, { force: true }) };
    const owner = lockOwner(path);
    if (owner !== undefined) return owner;
    setAside(path);
  }
  throw new Error(`${path} can be neither taken nor read`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The file appears with its content, so that nobody reads half of it. */
function create(path: string): boolean {
  const own = `${path}.${process.pid}`;
  const file = openSync(own, "w");
  writeSync(file, String(process.pid));
  closeSync(file);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves a left lock away. Another process may have taken the lock meanwhile: then it gets it back. */
function setAside(path: string): void {
  const aside = `${path}.left.${process.pid}`;
  try {
    renameSync(path, aside);
    if (lockOwner(aside) !== undefined) linkSync(aside, path);
  } catch {
    // It is gone, or somebody has it: the next attempt finds out.
  }
  rmSync(aside, { force: true });
}
