interface Entry {
  readonly at: number;
  readonly serial: number;
  readonly run: () => void;
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.serial < b.serial);

/** The clock of the model world and what is to happen: in the order of time, and of being asked for. A binary heap. */
export class Engine {
  now: number;
  readonly #heap: Entry[] = [];
  #serial = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** What is asked for in the past happens next. Like the clocks of AWS, this one has no less than milliseconds. */
  at(time: number, run: () => void): void {
    const entry = { at: Math.max(Math.round(time), this.now), serial: this.#serial++, run };
    let i = this.#heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || before(above, entry)) break;
      this.#heap[i] = above;
      this.#heap[parent] = entry;
      i = parent;
    }
  }

  /** Lets the next thing happen, if it does by `end`; else the clock moves there. */
  step(end: number): boolean {
    const [next] = this.#heap;
    if (next === undefined || next.at > end) {
      this.now = end;
      return false;
    }
    this.#take();
    this.now = next.at;
    next.run();
    return true;
  }

  #take(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let i = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * i + 1], this.#heap[2 * i + 2]];
      if (left === undefined) break;
      const [child, index] = right !== undefined && before(right, left) ? [right, 2 * i + 2] : [left, 2 * i + 1];
      if (before(last, child)) break;
      this.#heap[i] = child;
      i = index;
    }
    this.#heap[i] = last;
  }
}
