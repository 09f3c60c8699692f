import { ebsPurger } from "./ebs/aws/purge.js";
import { fsxPurger } from "./fsx/aws/purge.js";
import type { Purger } from "./purger.js";
import type { Kind } from "./rules.js";

/** What removes all that there is of each kind, apart from the backends: no Lambda function has it. */
export const PURGERS = { ebs: ebsPurger, fsx: fsxPurger } as const satisfies Readonly<Record<Kind, Purger>>;
