import type { Change, Journal } from "../../state/journal.js";
import type { Backup, Entity, FileSystem, StorageVirtualMachine, Volume } from "./model.js";

/** Everything the plane knows. A change is journalled first, all of one call at once. */
export class Store {
  readonly #journal: Journal<Entity>;
  readonly #rows = new Map<string, Entity>();
  #seq = 0;

  constructor(journal: Journal<Entity>) {
    this.#journal = journal;
    for (const entity of journal.load()) this.#put(entity);
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  /** Ids are unique over kinds and regions. */
  find<K extends Entity["kind"]>(kind: K, region: string, id: string): Extract<Entity, { kind: K }> | undefined {
    const found = this.#rows.get(id);
    if (found?.kind !== kind || found.region !== region) return undefined;
    // Its kind was looked at.
    return found as Extract<Entity, { kind: K }>;
  }

  all(): Entity[] {
    return [...this.#rows.values()];
  }

  fileSystems(region: string): FileSystem[] {
    return this.all().filter((one): one is FileSystem => one.kind === "file-system" && one.region === region);
  }

  machines(region: string): StorageVirtualMachine[] {
    return this.all().filter(
      (one): one is StorageVirtualMachine => one.kind === "storage-virtual-machine" && one.region === region,
    );
  }

  volumes(region: string): Volume[] {
    return this.all().filter((one): one is Volume => one.kind === "volume" && one.region === region);
  }

  /** Of a region, or all. */
  backups(region?: string): Backup[] {
    return this.all().filter(
      (one): one is Backup => one.kind === "backup" && (region === undefined || one.region === region),
    );
  }

  /** Applies changes, once they are on disk. */
  commit(changes: readonly Change<Entity>[]): void {
    if (changes.length === 0) return;
    this.#journal.append(changes);
    for (const change of changes) {
      if ("put" in change) this.#put(change.put);
      else this.#rows.delete(change.drop);
    }
    if (this.#journal.length > MAX_LINES) this.#journal.replace(this.all());
  }

  clear(): void {
    this.#journal.replace([]);
    this.#rows.clear();
  }

  close(): void {
    this.#journal.close();
  }

  #put(entity: Entity): void {
    this.#rows.set(entity.id, entity);
    this.#seq = Math.max(this.#seq, entity.seq);
  }
}

/** The journal is replaced when it has got so many lines. */
const MAX_LINES = 100_000;
