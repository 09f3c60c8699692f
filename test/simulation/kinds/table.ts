import type { RulesTable } from "../../../core/model/kind.js";
import { rulesOf } from "../../../core/model/kind.js";
import { ebs } from "./ebs/world.js";
import { fsx } from "./fsx/world.js";
import type { KindWorld } from "./kind.js";
import { toy } from "./toy/world.js";

/** The kinds that the planner is simulated with. Each scenario is of one of them. */
export const WORLDS = { ebs, fsx, toy } as const satisfies Readonly<Record<string, KindWorld>>;

export const worldOf = (kind: string): KindWorld => rulesOf<KindWorld>(WORLDS, kind);

/** What stacks are handed where their runs start. */
export const SIMULATED: RulesTable = Object.fromEntries(Object.values(WORLDS).map(({ rules }) => [rules.kind, rules]));
