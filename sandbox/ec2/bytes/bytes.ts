import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { nonZeroRanges, type Range } from "./ranges.js";

const run = promisify(execFile);

/**
 * The bytes of volumes and snapshots: sparse files, each the content of every volume and snapshot that refers to it. So a
 * snapshot or copy costs nothing until the volume is written again; then the volume gets a file of its own (see
 * volume-bytes.ts). What was never written has no file, and reads as zeros.
 */
export class Bytes {
  readonly #dir: string;

  constructor(stateDir: string) {
    this.#dir = join(stateDir, "bytes");
    mkdirSync(this.#dir, { recursive: true });
  }

  /** A new content, empty. */
  create(): string {
    const content = randomUUID();
    closeSync(openSync(this.#path(content), "wx"));
    return content;
  }

  /** A new content equal to another one, holes kept. */
  async duplicate(content: string): Promise<string> {
    const copy = randomUUID();
    const [from, to] = [this.#path(content), this.#path(copy)];
    const args = process.platform === "darwin" ? ["-c"] : ["--sparse=always", "--reflink=auto"];
    try {
      await run("cp", [...args, from, to]);
    } catch {
      // A cp without these options, or a file system without clones: right, only larger on disk.
      await copyFile(from, to, constants.COPYFILE_FICLONE);
    }
    return copy;
  }

  /** Synchronous on purpose: no snapshot can be taken between two halves of one write. */
  write(content: string, offset: number, data: Buffer): void {
    const handle = openSync(this.#path(content), "r+");
    try {
      for (let done = 0; done < data.length; ) done += writeSync(handle, data, done, data.length - done, offset + done);
    } finally {
      closeSync(handle);
    }
  }

  read(content: string | undefined, offset: number, length: number): Buffer {
    const data = Buffer.alloc(length);
    if (content === undefined) return data;
    const handle = openSync(this.#path(content), "r");
    try {
      const end = Math.min(length, Math.max(0, fstatSync(handle).size - offset));
      for (let done = 0; done < end; ) {
        const count = readSync(handle, data, done, end - done, offset + done);
        if (count === 0) break;
        done += count;
      }
    } finally {
      closeSync(handle);
    }
    return data;
  }

  /** Where a content has bytes other than zero, in blocks of 64 KiB. */
  async nonZero(content: string | undefined): Promise<Range[]> {
    return content === undefined ? [] : nonZeroRanges(this.#path(content));
  }

  /** Bytes on disk, holes not counted. */
  written(content: string | undefined): number {
    return content === undefined ? 0 : statSync(this.#path(content)).blocks * 512;
  }

  remove(content: string): void {
    rmSync(this.#path(content), { force: true });
  }

  /** Removes what a killed daemon left behind. */
  keepOnly(contents: { has(content: string): boolean }): void {
    for (const content of readdirSync(this.#dir)) if (!contents.has(content)) this.remove(content);
  }

  #path(content: string): string {
    return join(this.#dir, content);
  }
}
