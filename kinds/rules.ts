import type { KindRules } from "../core/model/kind.js";
import { ebs } from "./ebs/rules.js";
import { fsx } from "./fsx/rules.js";

/** Everything that can be backed up: a folder beside this file for each. */
export type Kind = "ebs" | "fsx";

/** The rules of every kind: a kind without rules does not compile. */
export const RULES = { ebs, fsx } as const satisfies Readonly<Record<Kind, KindRules>>;
