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
export async function lookAtAll(estate: Pick<Estate, "world" | "ledgers">): Promise<Watched> {
  const [world, ledgers] = await Promise.all([estate.world(), estate.ledgers()]);
  return { ...status([world], RULES, planAll([world], RULES), ledgers), mode: world.mode ?? "act" };
}
