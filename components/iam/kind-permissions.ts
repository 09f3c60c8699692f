import type { Caller } from "../../kinds/stack.js";
import { STACKS } from "../../kinds/stacks.js";
import type { Site } from "../site.js";
import type { Statement } from "./service-role.js";

/** What a function may do with the calls of all kinds. */
export const ofKinds = (fn: Caller, site: Site): Statement[] =>
  Object.values(STACKS).flatMap(({ statements }) => statements[fn](site));
