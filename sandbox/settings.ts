type Values = Readonly<Record<string, unknown>>;

/** Settings of the sandbox that can be read and changed while it runs: the numbers of each plane, by its name. */
export class Settings {
  readonly #planes: Readonly<Record<string, object>>;

  constructor(planes: Readonly<Record<string, object>>) {
    this.#planes = planes;
  }

  read(): Record<string, Record<string, number>> {
    return Object.fromEntries(Object.entries(this.#planes).map(([name, settings]) => [name, numbersOf(settings)]));
  }

  /** Changes all that is given, or nothing. */
  change(changes: Values): void {
    const names = Object.keys(this.#planes).join(", ");
    for (const [plane, values] of Object.entries(changes)) {
      const settings = this.#planes[plane];
      if (!settings) throw new Error(`there are no settings of ${plane}; there are: ${names}`);
      if (typeof values !== "object" || values === null) throw new Error(`${plane} must be an object`);
      check(plane, numbersOf(settings), Object.entries(values));
    }
    for (const [plane, values] of Object.entries(changes)) Object.assign(this.#planes[plane] ?? {}, values);
  }
}

const numbersOf = (settings: object): Record<string, number> =>
  Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );

function check(plane: string, known: Record<string, number>, values: readonly [string, unknown][]): void {
  for (const [name, value] of values) {
    if (!(name in known)) throw new Error(`${plane} has no setting ${name}; it has: ${Object.keys(known).join(", ")}`);
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw new Error(`${plane}.${name} must be a number, at least 0`);
    }
  }
}
