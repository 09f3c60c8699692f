type About = readonly (string | number)[];

/** FNV-1a over the text, then the finalizer of MurmurHash3, so that texts that differ little give numbers that differ much. */
function hash(seed: number, text: string): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Chance that depends on what is asked about, not on how often it was asked: a story from which one fault is taken out goes on
 * as before in everything else. That is what makes failures shrink.
 */
export class Dice {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** From 0 up to, not including, 1. */
  roll(...about: About): number {
    return hash(this.#seed, about.join("\u0000")) / 2 ** 32;
  }

  chance(probability: number, ...about: About): boolean {
    return probability > 0 && this.roll(...about) < probability;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number, ...about: About): number {
    return min + Math.floor(this.roll(...about) * (max - min + 1));
  }

  /** Short ones are as likely as long ones are rare: the logarithm is even. */
  span(min: number, max: number, ...about: About): number {
    return Math.round(min * (max / min) ** this.roll(...about));
  }

  pick<T>(list: readonly [T, ...T[]], ...about: About): T {
    return list[this.int(0, list.length - 1, ...about)] ?? list[0];
  }
}
