import type { Mode } from "../../core/model/model.js";
import { planAll } from "../../core/planner/planner.js";
import { type Status, status } from "../../core/report/status.js";
import { RULES } from "../../kinds/rules.js";
import type { Estate } from "./deps.js";

export interface Watched extends Status {
  /** Of the stacks. */
  readonly mode: Mode;
}

/** What is protected how, and everything that is wrong, by a survey of now, the plan of it and the controllers' ledgers. */
export async function lookAtAll(estate: Pick<Estate, "worlds" | "ledgers">): Promise<Watched> {
  const [worlds, ledgers] = await Promise.all([estate.worlds(), estate.ledgers()]);
  return { ...status(worlds, RULES, planAll(worlds, RULES), ledgers), mode: worlds[0].mode ?? "act" };
}
