/** Names that do not depend on what else happened: the n-th of its kind. */
export class Keys {
  readonly #counts = new Map<string, number>();

  next(region: string, what: string): string {
    const name = `${region} ${what}`;
    const n = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, n);
    return `${name} ${n}`;
  }
}
