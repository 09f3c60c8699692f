/** Rows by id, and in the order of creation; a page starts anywhere in logarithmic time. */
export class Table<T extends { readonly id: string; readonly seq: number }> {
  readonly #rows = new Map<string, T>();
  #order: { readonly id: string; readonly seq: number }[] = [];

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): T | undefined {
    return this.#rows.get(id);
  }

  put(row: T): void {
    if (!this.#rows.has(row.id)) this.#order.push({ id: row.id, seq: row.seq });
    this.#rows.set(row.id, row);
  }

  drop(id: string): void {
    if (!this.#rows.delete(id)) return;
    // Dropped rows stay in the order until they are the majority: dropping is cheap and so is walking.
    if (this.#order.length > 64 && this.#rows.size * 2 < this.#order.length) {
      this.#order = this.#order.filter((entry) => this.#rows.has(entry.id));
    }
  }

  /** The rows created after `seq`, oldest first. */
  *after(seq = 0): Generator<T> {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    // The walk keeps its own order, as a drop may replace it.
    const order = this.#order;
    for (let i = low; i < order.length; i++) {
      const row = this.#rows.get(order[i]?.id ?? "");
      if (row) yield row;
    }
  }
}
