import type { KindRules } from "../core/model/kind.js";
import { ebs } from "./ebs/rules.js";

/** Everything that can be backed up: a folder beside this file for each. */
export type Kind = "ebs";

/** The rules of every kind: a kind without rules does not compile. */
export const RULES = { ebs } as const satisfies Readonly<Record<Kind, KindRules>>;
