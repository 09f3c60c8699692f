import type { Parsed } from "./cli.js";
import { EXIT_CODE, type Outcome } from "./outcome.js";
import type { Io } from "./progress.js";

/** Prints an outcome and says which exit code it means. With `json`, standard output is one JSON value, whatever happened. */
export function print(outcome: Outcome, json: boolean, io: Io): number {
  if (json) io.out(JSON.stringify(outcome.data, null, 2));
  else if (outcome.ending === "done") io.out(outcome.text);
  else io.err(outcome.text);
  return EXIT_CODE[outcome.ending];
}

/** The outcome of a command line that names no command. */
export function unparsed(parsed: Exclude<Parsed, { kind: "command" }>): Outcome {
  if (parsed.kind === "help") return { ending: "done", data: { help: parsed.text }, text: parsed.text };
  const text = `${parsed.message}\n\`lockstep --help\` shows what there is.`;
  return { ending: "usage", data: { error: { kind: "usage", message: parsed.message } }, text };
}
