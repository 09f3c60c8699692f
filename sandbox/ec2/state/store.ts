import type { Bytes } from "../bytes/bytes.js";
import { defaultNetwork } from "../network/defaults.js";
import { kindOf } from "./ids.js";
import type { Change, Journal } from "./journal.js";
import type { Entity, Snapshot, Volume } from "./model.js";
import { Table } from "./table.js";

/** One table for each kind of resource. */
const makeTables = () => ({
  instances: tableOf("instance"),
  volumes: tableOf("volume"),
  snapshots: tableOf("snapshot"),
  images: tableOf("image"),
  vpcs: tableOf("vpc"),
  subnets: tableOf("subnet"),
  routeTables: tableOf("route-table"),
  internetGateways: tableOf("internet-gateway"),
  natGateways: tableOf("natgateway"),
  addresses: tableOf("elastic-ip"),
  groups: tableOf("security-group"),
  rules: tableOf("security-group-rule"),
  templates: tableOf("launch-template"),
});

const tableOf = <K extends Entity["kind"]>(_kind: K) => new Table<Extract<Entity, { kind: K }>>();

type Tables = Readonly<ReturnType<typeof makeTables>>;

/** The tables by kind, in the order in which DescribeTags goes through them. */
const TABLES: Readonly<Record<Entity["kind"], keyof Tables>> = {
  instance: "instances",
  volume: "volumes",
  snapshot: "snapshots",
  image: "images",
  vpc: "vpcs",
  subnet: "subnets",
  "route-table": "routeTables",
  "internet-gateway": "internetGateways",
  natgateway: "natGateways",
  "elastic-ip": "addresses",
  "security-group": "groups",
  "security-group-rule": "rules",
  "launch-template": "templates",
};

/** The table of a kind. */
export const tableFor = <K extends Entity["kind"]>(shelf: Tables, kind: K): Table<Extract<Entity, { kind: K }>> =>
  // The two records above say that the table under a kind's name holds that kind.
  shelf[TABLES[kind]] as unknown as Table<Extract<Entity, { kind: K }>>;

const KINDS = Object.keys(TABLES) as readonly Entity["kind"][];

/** All tables of a region, always in the same order. */
export const tablesOf = (shelf: Tables): readonly Table<Entity>[] =>
  KINDS.map((kind): Table<Entity> => tableFor(shelf, kind));

/** The resources of one region. */
export interface Shelf extends Tables {
  /** Volumes by the instance they are attached to. */
  readonly attached: Map<string, Set<string>>;
  /** Resources by client token. */
  readonly tokens: Map<string, Set<string>>;
  /** Snapshots that are pending or ended in error: few, and what the limits count. */
  readonly unfinished: Map<string, Snapshot>;
  /** Completed copies by lineage and key: the next one of the lineage is incremental. */
  readonly copies: Map<string, Set<string>>;
}

/** Below are the default networks, which are older than anything else. */
const FIRST_SEQ = 100;

/** The journal is replaced when it has got so many lines. */
const MAX_LINES = 100_000;

/** Everything the plane knows, with its indexes. A change is journalled first, all of one call at once. */
export class Store {
  readonly #shelves = new Map<string, Shelf>();
  /** How many volumes and snapshots share a content. */
  readonly #references = new Map<string, number>();
  readonly #journal: Journal;
  readonly #bytes: Bytes;
  readonly #account: string;
  /** What waits for its end: pending snapshots, volumes whose key is not yet checked. */
  readonly open = new Map<string, Snapshot | Volume>();
  #seq = FIRST_SEQ;

  constructor(journal: Journal, bytes: Bytes, account: string) {
    this.#account = account;
    this.#journal = journal;
    this.#bytes = bytes;
    for (const entity of journal.load()) this.#put(entity);
    bytes.keepOnly(this.#references);
  }

  shelf(region: string): Shelf {
    let shelf = this.#shelves.get(region);
    if (!shelf) {
      shelf = {
        ...makeTables(),
        attached: new Map(),
        tokens: new Map(),
        unfinished: new Map(),
        copies: new Map(),
      };
      this.#shelves.set(region, shelf);
      // Not journalled: always the same, until somebody changes it.
      for (const entity of defaultNetwork(this.#account, region)) this.#put(entity);
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
    for (const shelf of this.shelves()) for (const table of tablesOf(shelf)) yield* table.after();
  }

  find(id: string): Entity | undefined {
    const kind = kindOf(id);
    if (kind === undefined) return undefined;
    for (const shelf of this.#shelves.values()) {
      const entity = tableFor(shelf, kind).get(id);
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
    return tableFor(this.shelf(region), kind);
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

const contentOf = (entity: Entity): string | undefined =>
  entity.kind === "volume" || entity.kind === "snapshot" ? entity.content : undefined;

/** Under this key a copy counts for the next one of its lineage. */
export const copyKey = (snapshot: Pick<Snapshot, "lineage" | "kmsKeyId">): string =>
  `${snapshot.lineage} ${snapshot.kmsKeyId ?? ""}`;

function groups(shelf: Shelf, entity: Entity): [Map<string, Set<string>>, string][] {
  const found: [Map<string, Set<string>>, string][] = [];
  if (entity.kind === "volume" && entity.attachment) found.push([shelf.attached, entity.attachment.instance]);
  if ("token" in entity && entity.token) found.push([shelf.tokens, `${entity.kind} ${entity.token.token}`]);
  if (entity.kind === "snapshot" && entity.copy && entity.state === "completed") {
    found.push([shelf.copies, copyKey(entity)]);
  }
  return found;
}
