import { KINDS } from "../core/names/scope.js";
import { EBS_CONFIG } from "./ebs/config.js";

/** What is true of each kind, without AWS calls: the table that is handed in where a run starts. */
export const RULES = { ebs: { resourceKinds: KINDS, config: EBS_CONFIG } } as const;
