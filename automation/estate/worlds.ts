import { rulesOf } from "../../core/model/kind.js";
import type { Inventory, Policy } from "../../core/model/model.js";
import { kindsOf } from "../../core/selection/select.js";
import { RULES } from "../../kinds/rules.js";

/** All that was seen of one home: an inventory of each kind that is looked after. What is about the stack is the same in each. */
export type Worlds = readonly [Inventory, ...Inventory[]];

/** Whether a policy is about the kind of an inventory. */
export const isAbout = ({ kind }: Pick<Inventory, "kind">, policy: Pick<Policy, "kinds">): boolean => {
  const rules = rulesOf(RULES, kind);
  return kindsOf(policy, rules).some((one) => rules.resourceKinds.includes(one));
};
