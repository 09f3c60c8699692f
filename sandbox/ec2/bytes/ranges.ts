import { execFile } from "node:child_process";
import { open, stat } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const BLOCK = 64 * 1024;
const CHUNK = 64 * BLOCK;
const ZEROS = Buffer.alloc(BLOCK);

/** Bytes `offset` to `offset + length` of a disk. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Node cannot ask a file system for the holes of a file; reading them takes seconds for a gibibyte, and memory. */
const LIST_DATA = `
import os, sys
with open(sys.argv[1], "rb") as file:
    at, end = 0, os.fstat(file.fileno()).st_size
    while at < end:
        try:
            at = os.lseek(file.fileno(), at, os.SEEK_DATA)
        except OSError:
            break
        hole = os.lseek(file.fileno(), at, os.SEEK_HOLE)
        print(at, hole - at)
        at = hole
`;

/** What of a file is not a hole; all of it where that cannot be told. */
async function dataOf(path: string): Promise<Range[]> {
  try {
    const { stdout } = await run(process.env["LOCKSTEP_PYTHON"] ?? "python3", ["-c", LIST_DATA, path]);
    return [...stdout.matchAll(/^(\d+) (\d+)$/gm)].map(([, offset, length]) => ({
      offset: Number(offset),
      length: Number(length),
    }));
  } catch {
    return [{ offset: 0, length: (await stat(path)).size }];
  }
}

/** The blocks of 64 KiB of a file in which any byte is not zero, in order; neighbours are one range. Other work goes on meanwhile. */
export async function nonZeroRanges(path: string): Promise<Range[]> {
  const ranges: Range[] = [];
  const data = await dataOf(path);
  const file = await open(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (const { offset, length } of data) {
      const end = offset + length;
      for (let from = offset - (offset % BLOCK); from < end; from += CHUNK) {
        const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, Math.ceil((end - from) / BLOCK) * BLOCK), from);
        for (let at = 0; at < bytesRead; at += BLOCK) {
          const size = Math.min(BLOCK, bytesRead - at);
          if (!chunk.subarray(at, at + size).equals(ZEROS.subarray(0, size))) extend(ranges, from + at, size);
        }
      }
    }
  } finally {
    await file.close();
  }
  return ranges;
}

function extend(ranges: Range[], offset: number, length: number): void {
  const last = ranges.at(-1);
  // Two pieces of data may lie in one block.
  if (last && offset < last.offset + last.length) return;
  if (last && last.offset + last.length === offset) {
    ranges[ranges.length - 1] = { ...last, length: last.length + length };
  } else ranges.push({ offset, length });
}
