import { awsError } from "../../cloud/errors.js";
import type { Dice } from "../dice.js";
import type { Engine } from "../engine.js";

/**
 * What a call does when its answer is lost: it is `asked` again, which changes nothing; it is carried out again, by the SDK, which
 * must not matter (`again`); or nobody asks again, because that would make a second one (`once`).
 */
export type Kind = "asked" | "again" | "once";

/** What befalls a call. */
export type Blow = "killed before" | "killed after" | "answer lost";

/** What a running function is in. */
export interface Host {
  readonly engine: Engine;
  readonly dice: Dice;
  /** Whether something befalls this call, which is then used up. */
  readonly blow: (kind: Kind) => Blow | undefined;
  /** A step of the world let somebody go on: they must come to their next call before the next step. */
  readonly wake: () => void;
}

/** The function is dead: whatever it still does reaches nobody. */
class Killed extends Error {
  override readonly name = "Killed";
}

const LATENCY_MS = [5, 200] as const;

/**
 * One invocation of a function. Each of its calls takes time, in which the world goes on; between any two it may be killed. What it
 * does after that ends in errors, so that its code comes to its end without any effect.
 */
export class Invocation {
  readonly id: string;
  readonly #host: Host;
  #calls = 0;
  #dead = false;
  readonly #waiting = new Set<(error: Error) => void>();
  #onDeath: (error: Error) => void = () => undefined;

  constructor(id: string, host: Host) {
    this.id = id;
    this.#host = host;
  }

  /** Runs a handler to its end, or to its death. */
  run(handler: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#onDeath = reject;
      handler().then(
        (answer) => {
          if (this.#dead) return;
          this.#dead = true;
          // Answers travel as JSON.
          const text = JSON.stringify(answer);
          resolve(text === undefined ? undefined : JSON.parse(text));
        },
        (error: unknown) => {
          if (this.#dead) return;
          this.#dead = true;
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  die(error: () => Error): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#host.wake();
    this.#onDeath(error());
  }

  /** The world ends: whatever it waits for never comes, and its code must come to its end without that. */
  drop(): void {
    this.#dead = true;
    for (const reject of this.#waiting) reject(new Killed());
  }

  /** A call to AWS: `work` is what AWS does, all at once, even where it answers with a promise. */
  async call<T>(kind: Kind, work: () => T | Promise<T>): Promise<T> {
    const { blow, dice } = this.#host;
    await this.#pass(dice.span(...LATENCY_MS, "latency", this.id, ++this.#calls));
    const befallen = blow(kind);
    if (befallen === "killed before") this.#kill();
    if (befallen === undefined) return work();
    const result = await work();
    if (befallen === "killed after") this.#kill();
    if (kind === "once") throw awsError("TimeoutError", "the answer was lost");
    await this.#pass(dice.span(...LATENCY_MS, "again", this.id, this.#calls));
    return kind === "again" ? work() : result;
  }

  /** Waits, as before a retry. */
  async #pass(ms: number): Promise<void> {
    if (this.#dead) throw new Killed();
    const { engine, wake } = this.#host;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.add(reject);
      engine.at(engine.now + ms, () => {
        this.#waiting.delete(reject);
        wake();
        resolve();
      });
    });
    if (this.#dead) throw new Killed();
  }

  pause(ms: number): Promise<void> {
    return this.#pass(ms);
  }

  #kill(): never {
    this.die(() => awsError("Runtime.ExitError", "RequestId: Error: Runtime exited"));
    throw new Killed();
  }
}
