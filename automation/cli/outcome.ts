import { stripVTControlCharacters } from "node:util";

/** How a command ended; each ending has an exit code that a script can trust. */
export type Ending = "done" | "failed" | "usage" | "busy" | "refused";

export const EXIT_CODE: Readonly<Record<Ending, number>> = { done: 0, failed: 1, usage: 2, busy: 3, refused: 4 };

/** What a command hands to the only place that prints. */
export interface Outcome {
  readonly ending: Ending;
  /** Printed with `--json`. */
  readonly data: unknown;
  /** Printed otherwise. */
  readonly text: string;
}

/** A command that cannot go on, with the ending it means. The message says what to do. */
export class CommandProblem extends Error {
  readonly ending: Exclude<Ending, "done">;

  constructor(ending: Exclude<Ending, "done">, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandProblem";
    this.ending = ending;
  }
}

export const done = (data: unknown, text: string): Outcome => ({ ending: "done", data, text });

/** A command that ran to its end and found that something is not as it should be. */
export const failed = (data: unknown, text: string): Outcome => ({ ending: "failed", data, text });

/** Any error as text for a person, without its stack, and without the colours of programs that we start. */
export const messageOf = (error: unknown): string =>
  stripVTControlCharacters(error instanceof Error ? error.message : String(error));

/** The outcome that an error means; what is not ours is a failure. */
export function outcomeOf(error: unknown): Outcome {
  const ending = error instanceof CommandProblem ? error.ending : "failed";
  const message = messageOf(error);
  return { ending, data: { error: { kind: ending, message } }, text: message };
}
