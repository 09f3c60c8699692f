import { isListed, type Snap } from "../world/snap.js";

/** The look-up by tag before anything is made; read once, and only if something is to be made. */
export class Lookup {
  readonly #snaps: ReadonlyMap<string, Snap>;
  readonly #now: number;
  readonly #found = new Map<string, ReadonlySet<string>>();

  constructor(snaps: ReadonlyMap<string, Snap>, now: number) {
    this.#snaps = snaps;
    this.#now = now;
  }

  has(tag: string, value: string): boolean {
    const values = this.#found.get(tag) ?? this.#read(tag);
    this.#found.set(tag, values);
    return values.has(value);
  }

  #read(tag: string): ReadonlySet<string> {
    const values = new Set<string>();
    for (const snap of this.#snaps.values()) {
      const value = snap.tags[tag];
      if (value !== undefined && snap.state !== "error" && !snap.tampered && isListed(snap, this.#now))
        values.add(value);
    }
    return values;
  }
}
