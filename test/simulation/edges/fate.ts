import type { Blow, Kind } from "./invocation.js";

/** A death to come: at so many calls from now. */
interface Doom {
  calls: number;
  /** `stop` takes the execution too. */
  readonly kind: "kill" | "stop";
  readonly carriedOut: boolean;
}

/** What is yet to befall the calls of a stack. */
export class Fate {
  readonly #dooms: Doom[] = [];
  readonly #losses: { calls: number }[] = [];

  doom(doom: Doom): void {
    this.#dooms.push(doom);
  }

  loseAnswer(calls: number): void {
    this.#losses.push({ calls });
  }

  /** One more call of a function: what befalls it, and by which trouble. */
  next(kind: Kind): { readonly blow: Blow; readonly kind: "kill" | "stop" | "lost-answer" } | undefined {
    for (const doom of this.#dooms) doom.calls -= 1;
    const struck = this.#dooms.findIndex(({ calls }) => calls <= 0);
    const [doom] = struck < 0 ? [] : this.#dooms.splice(struck, 1);
    if (doom !== undefined) {
      return { blow: doom.carriedOut ? "killed after" : "killed before", kind: doom.kind };
    }
    return this.losesAnswer(kind) ? { blow: "answer lost", kind: "lost-answer" } : undefined;
  }

  /** Whether the answer of a call is lost, which matters only to those that change something. */
  losesAnswer(kind: Kind): boolean {
    if (kind === "asked") return false;
    for (const loss of this.#losses) loss.calls -= 1;
    const struck = this.#losses.findIndex(({ calls }) => calls <= 0);
    if (struck >= 0) this.#losses.splice(struck, 1);
    return struck >= 0;
  }
}
