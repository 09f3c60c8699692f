import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a file system holds at a time: a name for its files, none where there are no files. */
export interface Captured {
  readonly content?: string;
  readonly bytes: number;
}

const EMPTY = "empty";

/**
 * The files: a directory for each file system (of ONTAP: each volume), which anybody may write, and one for each content of
 * backups, which nobody does. A copy of a backup has the content of its source.
 */
export class Contents {
  readonly #live: string;
  readonly #kept: string;

  constructor(stateDir: string) {
    this.#live = join(stateDir, "files");
    this.#kept = join(stateDir, "contents");
    for (const dir of [this.#live, this.keptDirectory()]) mkdirSync(dir, { recursive: true });
  }

  /** Where the files of a file system or volume lie. */
  directory(id: string): string {
    return join(this.#live, id);
  }

  /** Where the files of a content lie; not to be written. Without one: an empty directory. */
  keptDirectory(content = EMPTY): string {
    return join(this.#kept, content);
  }

  /** A new directory, with the files of a backup. */
  async make(id: string, content?: string): Promise<void> {
    mkdirSync(this.directory(id));
    if (content !== undefined) await copyTree(this.keptDirectory(content), this.directory(id));
  }

  /** The files as they are now. */
  async capture(id: string): Promise<Captured> {
    const from = this.directory(id);
    if (readdirSync(from).length === 0) return { bytes: 0 };
    const content = randomUUID();
    mkdirSync(this.keptDirectory(content));
    await copyTree(from, this.keptDirectory(content));
    return { content, bytes: sizeOf(this.keptDirectory(content)) };
  }

  remove(id: string): void {
    rmSync(this.directory(id), { recursive: true, force: true });
  }

  /** Removes what nothing refers to any more. */
  keepOnly(units: ReadonlySet<string>, contents: ReadonlySet<string>): void {
    for (const id of readdirSync(this.#live)) if (!units.has(id)) this.remove(id);
    for (const content of readdirSync(this.#kept)) {
      if (content !== EMPTY && !contents.has(content))
        rmSync(this.keptDirectory(content), { recursive: true, force: true });
    }
  }
}

/** With owners, modes, times, links and attributes; blocks are shared where the disk can. */
const copyTree = async (from: string, to: string): Promise<unknown> => run("cp", ["-a", `${from}/.`, to]);

function sizeOf(dir: string): number {
  const entries = readdirSync(dir, { recursive: true, encoding: "utf8" });
  return entries
    .map((entry) => lstatSync(join(dir, entry)))
    .filter((stats) => stats.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}
