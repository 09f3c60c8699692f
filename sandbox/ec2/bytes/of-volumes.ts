import type { Snapshot, Volume } from "../state/model.js";
import type { Store } from "../state/store.js";
import type { Bytes } from "./bytes.js";
import type { Range } from "./ranges.js";

const GIB = 1024 ** 3;
/** One read or write is done in one go while nothing else runs, so it is kept small. */
const MAX_BYTES = 64 * 1024 ** 2;

/** Asked for a disk that is not there, or for bytes outside of it; the message says which. */
export class DiskError extends Error {
  override readonly name = "DiskError";
}

/** Reads and writes the bytes of volumes and snapshots, for the admin API. */
export class VolumeBytes {
  readonly #store: Store;
  readonly #bytes: Bytes;
  /** The last write of each volume, to keep their order. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(store: Store, bytes: Bytes) {
    this.#store = store;
    this.#bytes = bytes;
  }

  readVolume(region: string, id: string, offset: number, length: number): Buffer {
    const volume = this.#volume(region, id);
    checkRange(id, volume.size, offset, length);
    return this.#bytes.read(volume.content, offset, length);
  }

  readSnapshot(region: string, id: string, offset: number, length: number): Buffer {
    const snapshot = this.#snapshot(region, id);
    checkRange(id, snapshot.size, offset, length);
    return this.#bytes.read(snapshot.content, offset, length);
  }

  /** Where the snapshot has bytes other than zero. */
  snapshotRanges(region: string, id: string): Promise<Range[]> {
    return this.#bytes.nonZero(this.#snapshot(region, id).content);
  }

  /** Writes of one volume are done one after the other, each whole: a snapshot has all of a write or nothing of it. */
  async writeVolume(region: string, id: string, offset: number, data: Buffer): Promise<void> {
    const before = this.#writes.get(id) ?? Promise.resolve();
    const write = before.catch(() => undefined).then(() => this.#write(region, id, offset, data));
    this.#writes.set(id, write);
    try {
      await write;
    } finally {
      if (this.#writes.get(id) === write) this.#writes.delete(id);
    }
  }

  /** Waits for the writes in progress. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  async #write(region: string, id: string, offset: number, data: Buffer): Promise<void> {
    checkRange(id, this.#volume(region, id).size, offset, data.length);
    let content = this.#volume(region, id).content;
    if (content === undefined || this.#store.shared(content)) {
      // Snapshots refer to the old content: the volume gets a copy of its own before it changes.
      content = content === undefined ? this.#bytes.create() : await this.#bytes.duplicate(content);
      const volume = this.#store.shelf(region).volumes.get(id);
      if (!volume) {
        this.#bytes.remove(content);
        throw new DiskError(`The volume ${id} in ${region} was deleted during the write`);
      }
      this.#store.commit([{ put: { ...volume, content } }]);
    }
    this.#bytes.write(content, offset, data);
  }

  #snapshot(region: string, id: string): Snapshot {
    const snapshot = this.#store.shelf(region).snapshots.get(id);
    if (!snapshot) throw new DiskError(`There is no snapshot ${id} in ${region}`);
    if (snapshot.state === "error") throw new DiskError(`The snapshot ${id} is in error and has no bytes`);
    return snapshot;
  }

  #volume(region: string, id: string): Volume {
    const volume = this.#store.shelf(region).volumes.get(id);
    if (!volume) throw new DiskError(`There is no volume ${id} in ${region}`);
    return volume;
  }
}

function checkRange(id: string, gib: number, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new DiskError(`Offset ${offset} and length ${length} of ${id} must be whole numbers from 0`);
  }
  if (length > MAX_BYTES) throw new DiskError(`At most ${MAX_BYTES} bytes at a time; ${length} were asked for`);
  if (offset + length > gib * GIB) throw new DiskError(`${id} has ${gib} GiB; ${offset}+${length} is beyond its end`);
}
