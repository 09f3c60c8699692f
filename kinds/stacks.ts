import { kindsInUse } from "../core/config/kinds.js";
import type { Settings } from "../core/model/model.js";
import { ebsStack } from "./ebs/stack/stack.js";
import { fsxStack } from "./fsx/stack/stack.js";
import type { Kind } from "./rules.js";
import { RULES } from "./rules.js";
import type { KindStack } from "./stack.js";

/** What all kinds need deployed. Only the program knows it: a Lambda function bundles no Pulumi. */
const STACKS = { ebs: ebsStack, fsx: fsxStack } as const satisfies Readonly<Record<Kind, KindStack>>;

/** Of the kinds that a stack looks after, by their names. */
export function stacksFor(settings: Settings): Readonly<Record<string, KindStack>> {
  const inUse = kindsInUse(RULES, settings);
  return Object.fromEntries(Object.entries(STACKS).filter(([kind]) => inUse.includes(kind)));
}
