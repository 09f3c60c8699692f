import type { Caller, KindStack } from "../../kinds/stack.js";
import { stacksFor } from "../../kinds/stacks.js";
import type { Site } from "../site.js";
import { arnsOf } from "./arns.js";
import type { Statement } from "./service-role.js";

/** Asking how workflows ended; of a kind without any nobody asks. */
export function seeWorkflows(
  site: Site,
  stacks: Readonly<Record<string, Pick<KindStack, "workflows">>> = stacksFor(site.settings),
): Statement[] {
  const resources = Object.entries(stacks).flatMap(([kind, { workflows = [] }]) =>
    workflows.map((one) => arnsOf(site).executions(kind, one)),
  );
  return resources.length === 0 ? [] : [{ sid: "SeeWorkflows", actions: ["states:DescribeExecution"], resources }];
}

/** What a function may do with the calls of all kinds that the stack looks after. */
export const ofKinds = (fn: Caller, site: Site): Statement[] =>
  Object.values(stacksFor(site.settings)).flatMap(({ statements }) => statements[fn](site));
