import type { Ec2Settings } from "./ec2/plane.js";

/** Settings of the sandbox that can be read and changed while it runs: the numbers of each plane. */
export class Settings {
  readonly #ec2: Ec2Settings;

  constructor(ec2: Ec2Settings) {
    this.#ec2 = ec2;
  }

  read(): { readonly ec2: Record<string, number> } {
    const numbers = Object.entries(this.#ec2).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    );
    return { ec2: Object.fromEntries(numbers) };
  }

  /** Changes all that is given, or nothing. */
  change(changes: Record<string, unknown>): void {
    const { ec2 = {}, ...others } = changes;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new Error(`there are no settings of ${unknown}; there are: ec2`);
    if (typeof ec2 !== "object" || ec2 === null) throw new Error("ec2 must be an object");
    const known = this.read().ec2;
    for (const [name, value] of Object.entries(ec2)) {
      if (!(name in known)) throw new Error(`ec2 has no setting ${name}; it has: ${Object.keys(known).join(", ")}`);
      if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
        throw new Error(`ec2.${name} must be a number, at least 0`);
      }
    }
    Object.assign(this.#ec2, ec2);
  }
}
