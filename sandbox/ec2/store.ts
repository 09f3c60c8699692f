import type { Bytes } from "./bytes.js";
import type { Change, Journal } from "./journal.js";
import type { Entity, Instance, Snapshot, Volume } from "./model.js";
import { Table } from "./table.js";

/** The resources of one region. */
export interface Shelf {
  readonly instances: Table<Instance>;
  readonly volumes: Table<Volume>;
  readonly snapshots: Table<Snapshot>;
  /** Volumes by the instance they are attached to. */
  readonly attached: Map<string, Set<string>>;
  /** Resources by client token. */
  readonly tokens: Map<string, Set<string>>;
  /** Snapshots that are pending or ended in error: few, and what the limits count. */
  readonly unfinished: Map<string, Snapshot>;
  /** Completed copies by lineage and key: the next one of the lineage is incremental. */
  readonly copies: Map<string, Set<string>>;
}

/** The journal is replaced when it has got so many lines. */
const MAX_LINES = 100_000;

/** Everything the plane knows, with its indexes. A change is journalled first, all of one call at once. */
export class Store {
  readonly #shelves = new Map<string, Shelf>();
  /** How many volumes and snapshots share a content. */
  readonly #references = new Map<string, number>();
  readonly #journal: Journal;
  readonly #bytes: Bytes;
  /** What waits for its end: pending snapshots, volumes whose key is not yet checked. */
  readonly open = new Map<string, Snapshot | Volume>();
  #seq = 0;

  constructor(journal: Journal, bytes: Bytes) {
    this.#journal = journal;
    this.#bytes = bytes;
    for (const entity of journal.load()) this.#put(entity);
    bytes.keepOnly(this.#references);
  }

  shelf(region: string): Shelf {
    let shelf = this.#shelves.get(region);
    if (!shelf) {
      shelf = {
        instances: new Table(),
        volumes: new Table(),
        snapshots: new Table(),
        attached: new Map(),
        tokens: new Map(),
        unfinished: new Map(),
        copies: new Map(),
      };
      this.#shelves.set(region, shelf);
    }
    return shelf;
  }

  shelves(): Iterable<Shelf> {
    return this.#shelves.values();
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  shared(content: string): boolean {
    return (this.#references.get(content) ?? 0) > 1;
  }

  /** Applies changes, once they are on disk. */
  commit(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#journal.append(changes);
    const before = changes.flatMap((change) => this.find("put" in change ? change.put.id : change.drop) ?? []);
    for (const change of changes) {
      if ("put" in change) this.#put(change.put);
      else this.#drop(change.drop);
    }
    for (const entity of before) {
      const content = contentOf(entity);
      if (content !== undefined && !this.#references.has(content)) this.#bytes.remove(content);
    }
    if (this.#journal.length > MAX_LINES) this.#journal.replace([...this.#all()]);
  }

  *#all(): Generator<Entity> {
    for (const { instances, volumes, snapshots } of this.shelves()) {
      yield* instances.after();
      yield* volumes.after();
      yield* snapshots.after();
    }
  }

  find(id: string): Entity | undefined {
    for (const shelf of this.#shelves.values()) {
      const entity = shelf.snapshots.get(id) ?? shelf.volumes.get(id) ?? shelf.instances.get(id);
      if (entity) return entity;
    }
    return undefined;
  }

  clear(): void {
    this.#journal.replace([]);
    this.#shelves.clear();
    this.#references.clear();
    this.open.clear();
    this.#bytes.keepOnly(this.#references);
  }

  close(): void {
    this.#journal.close();
  }

  #put(entity: Entity): void {
    const old = this.#table(entity).get(entity.id);
    if (old) this.#unindex(old);
    this.#table(entity).put(entity);
    this.#index(entity);
    this.#seq = Math.max(this.#seq, entity.seq);
  }

  #drop(id: string): void {
    const entity = this.find(id);
    if (!entity) return;
    this.#unindex(entity);
    this.#table(entity).drop(id);
  }

  #table({ region, kind }: Entity): Table<Entity> {
    const { instances, volumes, snapshots } = this.shelf(region);
    return { instance: instances, volume: volumes, snapshot: snapshots }[kind];
  }

  #index(entity: Entity): void {
    const shelf = this.shelf(entity.region);
    const content = contentOf(entity);
    if (content !== undefined) this.#references.set(content, (this.#references.get(content) ?? 0) + 1);
    for (const [map, key] of groups(shelf, entity)) {
      const group = map.get(key);
      if (group) group.add(entity.id);
      else map.set(key, new Set([entity.id]));
    }
    if (entity.kind === "snapshot" && entity.state !== "completed") shelf.unfinished.set(entity.id, entity);
    if (entity.kind === "snapshot" && entity.state === "pending") this.open.set(entity.id, entity);
    if (entity.kind === "volume" && entity.keyToCheck !== undefined) this.open.set(entity.id, entity);
  }

  #unindex(entity: Entity): void {
    const shelf = this.shelf(entity.region);
    const content = contentOf(entity);
    if (content !== undefined) {
      const left = (this.#references.get(content) ?? 1) - 1;
      if (left > 0) this.#references.set(content, left);
      else this.#references.delete(content);
    }
    for (const [map, key] of groups(shelf, entity)) {
      const group = map.get(key);
      group?.delete(entity.id);
      if (group?.size === 0) map.delete(key);
    }
    shelf.unfinished.delete(entity.id);
    this.open.delete(entity.id);
  }
}

const contentOf = (entity: Entity): string | undefined => (entity.kind === "instance" ? undefined : entity.content);

/** Under this key a copy counts for the next one of its lineage. */
export const copyKey = (snapshot: Pick<Snapshot, "lineage" | "kmsKeyId">): string =>
  `${snapshot.lineage} ${snapshot.kmsKeyId ?? ""}`;

function groups(shelf: Shelf, entity: Entity): [Map<string, Set<string>>, string][] {
  const found: [Map<string, Set<string>>, string][] = [];
  if (entity.kind === "volume" && entity.attachment) found.push([shelf.attached, entity.attachment.instance]);
  if (entity.kind !== "snapshot" && entity.token) found.push([shelf.tokens, `${entity.kind} ${entity.token.token}`]);
  if (entity.kind === "snapshot" && entity.copy && entity.state === "completed") {
    found.push([shelf.copies, copyKey(entity)]);
  }
  return found;
}
