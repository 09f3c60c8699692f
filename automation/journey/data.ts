import { randomBytes } from "node:crypto";
import type { Resource, Volume } from "../../core/model.js";
import type { Admin } from "./admin.js";

const GIB = 1024 ** 3;
const BLOCK = 64 * 1024;
/** The admin interface hands out up to 64 MiB at once. */
const CHUNK = 32 * 1024 * 1024;

/** What was written into a volume, by offset; every other byte is zero. */
export type Contents = ReadonlyMap<number, Buffer>;

/** The disks that hold data; those to boot from are as the image left them. */
export const dataVolumes = (resources: readonly Resource[]): { readonly region: string; readonly volume: Volume }[] =>
  resources.flatMap(({ region, volumes }) => volumes.filter((v) => !v.boot).map((volume) => ({ region, volume })));

/** Writes data into volumes and remembers what each of them holds. */
export class Scribe {
  readonly #admin: Admin;
  readonly #contents = new Map<string, Map<number, Buffer>>();
  #round = 0;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** New data in every data volume: at its beginning, at its end and somewhere new in between. Returns what each now holds. */
  async write(resources: readonly Resource[]): Promise<ReadonlyMap<string, Contents>> {
    for (const { region, volume } of dataVolumes(resources)) {
      const size = volume.sizeGiB * GIB;
      const middle = Math.floor(size / 8) * (1 + (this.#round % 6)) + 4096;
      const contents = this.#contents.get(volume.id) ?? new Map<number, Buffer>();
      this.#contents.set(volume.id, contents);
      for (const offset of [0, middle, size - BLOCK]) {
        const bytes = randomBytes(BLOCK);
        await this.#admin.write(region, volume.id, offset, bytes);
        contents.set(offset, bytes);
      }
    }
    this.#round += 1;
    return new Map([...this.#contents].map(([id, contents]) => [id, new Map(contents)]));
  }
}

/** What to compare: all bytes, first to last (seconds for a gibibyte), or all ever written, what is around, and probes elsewhere. */
export type Depth = "all" | "sampled";

const MARGIN = 1024 * 1024;
const PROBE = { length: 4096, every: 4 * 1024 * 1024 };

/** Compares bytes with what they should be. Returns where the first other one is, if there is one. */
export async function firstDifference(
  sizeGiB: number,
  expected: Contents,
  read: (offset: number, length: number) => Promise<Buffer>,
  depth: Depth = "all",
): Promise<number | undefined> {
  const size = sizeGiB * GIB;
  const zeros = Buffer.alloc(Math.min(CHUNK, size));
  for (const { offset, length } of depth === "all" ? chunks(size) : samples(expected, size)) {
    const written = [...expected].filter(([at, bytes]) => at < offset + length && at + bytes.length > offset);
    const right = written.length === 0 ? zeros.subarray(0, length) : Buffer.alloc(length);
    for (const [at, bytes] of written) place(right, bytes, at - offset);
    const found = await read(offset, length);
    if (!found.equals(right)) return offset + right.findIndex((byte, i) => byte !== found[i]);
  }
  return undefined;
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

const chunks = (size: number): Range[] =>
  Array.from({ length: Math.ceil(size / CHUNK) }, (_, i) => ({
    offset: i * CHUNK,
    length: Math.min(CHUNK, size - i * CHUNK),
  }));

function samples(contents: Contents, size: number): Range[] {
  const around = [...contents].map(([at, bytes]) => {
    const offset = Math.max(0, at - MARGIN);
    return { offset, length: Math.min(size, at + bytes.length + MARGIN) - offset };
  });
  const count = Math.floor(size / PROBE.every);
  const probes = Array.from({ length: count }, (_, i) => ({ offset: i * PROBE.every, length: PROBE.length }));
  return [...around, ...probes];
}

/** Copies what fits of a block into a chunk; `at` may lie before it. */
function place(chunk: Buffer, bytes: Buffer, at: number): void {
  bytes.subarray(Math.max(0, -at)).copy(chunk, Math.max(0, at));
}
