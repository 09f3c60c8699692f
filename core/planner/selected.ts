import { type RulesTable, rulesOf } from "../model/kind.js";
import type { Inventory, SelectedCount } from "../model/model.js";
import { countSelected, inPolicyOrder } from "./alerts/drift.js";
import { kindsSeen } from "./alerts/policies.js";
import { chosenIn } from "./context.js";

/** What later runs hold the selection of a home region's policies against; where a policy's resources are not all known, as before. */
export function selectedNow(inventories: readonly Inventory[], rules: RulesTable): readonly SelectedCount[] {
  const chosen = inventories.map((inventory) => chosenIn(inventory, rulesOf(rules, inventory.kind)));
  const [first] = inventories;
  if (first === undefined) return [];
  const counts = first.policies.flatMap((policy) => {
    const kinds = kindsSeen(policy, chosen, rules);
    if (kinds !== undefined) return [countSelected(policy.name, first.home, kinds)];
    return first.memory?.selected?.filter((one) => one.region === first.home && one.policy === policy.name) ?? [];
  });
  return inPolicyOrder(counts);
}
