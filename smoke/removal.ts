import { messageOf } from "../automation/cli/outcome.js";
import type { Made } from "./model.js";

/** How often something is asked to go: what uses it may go a little later than it says. */
const TRIES = 12;
const PAUSE_MS = 5_000;

/** What a run could not take away, in words. */
export type Left = readonly string[];

/** Keeps what a run makes and takes it away, the last first. */
export class Removal {
  readonly #made: Made[] = [];

  add(thing: Made): void {
    this.#made.push(thing);
  }

  /**
   * Removes everything; says what stayed and why. Never stops at a failure, and not for an interruption either.
   * @param sleep waits between tries, given milliseconds
   */
  async all(say: (line: string) => void, sleep: (ms: number) => Promise<unknown>): Promise<Left> {
    const left: string[] = [];
    for (const thing of this.#made.toReversed()) {
      say(`removing ${thing.what} in ${thing.region}`);
      const problem = await removed(thing, sleep);
      if (problem !== undefined) left.push(`${thing.what} in ${thing.region}: ${problem}`);
    }
    this.#made.length = 0;
    return left;
  }
}

async function removed(thing: Made, sleep: (ms: number) => Promise<unknown>): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      await thing.remove();
      return undefined;
    } catch (error) {
      if (isGone(error)) return undefined;
      if (tries === TRIES) return messageOf(error);
      await sleep(PAUSE_MS);
    }
  }
}

/** AWS's ways to say that something is not there. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && /NotFound|DoesNotExist|NonExistent|Unavailable$/.test(error.name);
