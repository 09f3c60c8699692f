import type { Deps } from "../estate/deps.js";
import { CommandProblem } from "./outcome.js";

/**
 * Asks a person before something is done that costs or that cannot be had back.
 * @param what what will happen
 * @param repeat the command that does it without asking
 */
export async function consent(what: string, repeat: string, deps: Pick<Deps, "confirm" | "canAsk">): Promise<void> {
  if (await deps.confirm(what)) return;
  const why = deps.canAsk() ? "" : " Nobody can be asked here, where there is no terminal.";
  throw new CommandProblem("refused", `${what}${why} To do it: \`${repeat}\`.`);
}
