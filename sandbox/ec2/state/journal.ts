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
import type { Entity } from "./model.js";

export type Change = { readonly put: Entity } | { readonly drop: string };

const FORMAT = "lockstep-ec2 2";

/**
 * The state on disk: one line of JSON per change of the world, written before the change is acknowledged, so that a killed
 * daemon loses nothing that it said yes to. A line holds all changes of one call: a set of snapshots is there whole or not
 * at all. At start, and when most lines are out of date, they are replaced by the state they add up to.
 */
export class Journal {
  readonly #file: string;
  #handle: number | undefined;
  #lines = 0;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#file = join(dir, "state.jsonl");
  }

  /** What the journal adds up to, oldest first; afterwards it holds just that, and is open for more. */
  load(): Entity[] {
    const rows = new Map<string, Entity>();
    for (const change of this.#read()) {
      if ("put" in change) rows.set(change.put.id, change.put);
      else rows.delete(change.drop);
    }
    const entities = [...rows.values()].sort((a, b) => a.seq - b.seq);
    this.#restart(entities);
    return entities;
  }

  append(changes: readonly Change[]): void {
    if (this.#handle === undefined) throw new Error("The EC2 plane is closed");
    writeSync(this.#handle, `${JSON.stringify(changes)}\n`);
    this.#lines++;
  }

  /** Lines since the journal was last replaced. */
  get length(): number {
    return this.#lines;
  }

  /** Starts afresh with this state. */
  replace(entities: readonly Entity[]): void {
    this.#restart(entities);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #read(): Change[] {
    if (!existsSync(this.#file)) return [];
    const text = readFileSync(this.#file, "utf8");
    const lines = text.split("\n");
    // A line without its end was being written when the daemon was killed: that call was never acknowledged.
    if (lines.pop() !== "") truncateSync(this.#file, Buffer.byteLength(lines.join("\n")) + 1);
    const head = lines.shift();
    if (head !== undefined && head !== FORMAT) {
      throw new Error(`${this.#file} is not state of this version of the sandbox; reset the sandbox to start afresh`);
    }
    // The file is ours alone and its format is checked above.
    return lines.flatMap((line) => JSON.parse(line) as Change[]);
  }

  #restart(entities: readonly Entity[]): void {
    this.close();
    const draft = `${this.#file}.new`;
    rmSync(draft, { force: true });
    const lines = entities.map((put) => `${JSON.stringify([{ put }])}\n`);
    writeFileSync(draft, `${FORMAT}\n${lines.join("")}`);
    renameSync(draft, this.#file);
    this.#handle = openSync(this.#file, "a");
    this.#lines = 0;
  }
}
