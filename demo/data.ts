import { randomBytes } from "node:crypto";
import type { Member, Resource } from "../core/model/model.js";
import { memberDetail } from "../kinds/ebs/details.js";
import type { Admin, Range } from "./admin.js";

const GIB = 1024 ** 3;
const BLOCK = 64 * 1024;
/** The admin interface hands out up to 64 MiB at once. */
const CHUNK = 32 * 1024 * 1024;

/** What was written into a volume, by offset; every other byte is zero. */
export type Contents = ReadonlyMap<number, Buffer>;

/** The disks that get data; those to boot from stay as the image left them. */
const dataVolumes = (resources: readonly Resource[]): { readonly region: string; readonly volume: Member }[] =>
  resources.flatMap(({ region, members: volumes }) =>
    volumes.filter((v) => !memberDetail(v).boot).map((volume) => ({ region, volume })),
  );

/** Writes data into EBS volumes and remembers what each of them holds. */
export class Scribe {
  readonly #admin: Pick<Admin, "write">;
  readonly #contents = new Map<string, Map<number, Buffer>>();
  #round = 0;

  constructor(admin: Pick<Admin, "write">) {
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

/**
 * Compares every byte of a disk with what it should be; `found` says where it has bytes other than zero. Returns where the
 * first other byte is, if there is one.
 */
export async function firstDifference(
  expected: Contents,
  found: readonly Range[],
  read: (offset: number, length: number) => Promise<Buffer>,
): Promise<number | undefined> {
  const written = [...expected].map(([offset, { length }]) => ({ offset, length }));
  // Elsewhere there are zeros on both sides.
  const ranges = [...found, ...written].flatMap(pieces).sort((a, b) => a.offset - b.offset);
  for (const { offset, length } of ranges) {
    const right = Buffer.alloc(length);
    for (const [at, bytes] of expected) {
      if (at < offset + length && at + bytes.length > offset) place(right, bytes, at - offset);
    }
    const bytes = await read(offset, length);
    if (!bytes.equals(right)) return offset + right.findIndex((byte, i) => byte !== bytes[i]);
  }
  return undefined;
}

const pieces = ({ offset, length }: Range): Range[] =>
  Array.from({ length: Math.ceil(length / CHUNK) }, (_, i) => ({
    offset: offset + i * CHUNK,
    length: Math.min(CHUNK, length - i * CHUNK),
  }));

/** Copies what fits of a block into a chunk; `at` may lie before it. */
function place(chunk: Buffer, bytes: Buffer, at: number): void {
  bytes.subarray(Math.max(0, -at)).copy(chunk, Math.max(0, at));
}
