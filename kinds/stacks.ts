import { ebsStack } from "./ebs/stack/stack.js";
import { fsxStack } from "./fsx/stack/stack.js";
import type { Kind } from "./rules.js";
import type { KindStack } from "./stack.js";

/** What all kinds need deployed. Only the program knows it: a Lambda function bundles no Pulumi. */
export const STACKS = { ebs: ebsStack, fsx: fsxStack } as const satisfies Readonly<Record<Kind, KindStack>>;
