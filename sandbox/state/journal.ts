import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Something that a plane remembers. */
export interface Row {
  readonly id: string;
  /** Order of creation, over all kinds and regions. */
  readonly seq: number;
}

export type Change<T extends Row> = { readonly put: T } | { readonly drop: string };

/**
 * The state on disk: one line of JSON per change of the world, written before the change is acknowledged, so that a killed
 * daemon loses nothing that it said yes to. A line holds all changes of one call: a set of snapshots is there whole or not
 * at all. At start, and when most lines are out of date, they are replaced by the state they add up to.
 */
export class Journal<T extends Row> {
  readonly #file: string;
  readonly #format: string;
  #handle: number | undefined;
  #lines = 0;

  /** `format` is the first line of the file: the plane, and the version of its state. */
  constructor(dir: string, format: string) {
    mkdirSync(dir, { recursive: true });
    this.#format = format;
    this.#file = join(dir, "state.jsonl");
  }

  /** What the journal adds up to, oldest first; afterwards it holds just that, and is open for more. */
  load(): T[] {
    const rows = new Map<string, T>();
    for (const change of this.#read()) {
      if ("put" in change) rows.set(change.put.id, change.put);
      else rows.delete(change.drop);
    }
    const entities = [...rows.values()].sort((a, b) => a.seq - b.seq);
    this.#restart(entities);
    return entities;
  }

  append(changes: readonly Change<T>[]): void {
    if (this.#handle === undefined) throw new Error(`${this.#file} is closed`);
    writeSync(this.#handle, `${JSON.stringify(changes)}\n`);
    this.#lines++;
  }

  /** Lines since the journal was last replaced. */
  get length(): number {
    return this.#lines;
  }

  /** Starts afresh with this state. */
  replace(entities: readonly T[]): void {
    this.#restart(entities);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #read(): Change<T>[] {
    if (!existsSync(this.#file)) return [];
    const text = readFileSync(this.#file, "utf8");
    const lines = text.split("\n");
    // A line without its end was being written when the daemon was killed: that call was never acknowledged.
    if (lines.pop() !== "") truncateSync(this.#file, Buffer.byteLength(lines.join("\n")) + 1);
    const head = lines.shift();
    if (head !== undefined && head !== this.#format) {
      throw new Error(`${this.#file} is not state of this version of the sandbox; reset the sandbox to start afresh`);
    }
    // The file is ours alone and its format is checked above.
    return lines.flatMap((line) => JSON.parse(line) as Change<T>[]);
  }

  #restart(entities: readonly T[]): void {
    this.close();
    const draft = `${this.#file}.new`;
    rmSync(draft, { force: true });
    const lines = entities.map((put) => `${JSON.stringify([{ put }])}\n`);
    writeFileSync(draft, `${this.#format}\n${lines.join("")}`);
    renameSync(draft, this.#file);
    this.#handle = openSync(this.#file, "a");
    this.#lines = 0;
  }
}
