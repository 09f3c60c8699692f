import { type CompleteView, InFlight, indexLineages, knownView, type Lineages } from "../inventory/lineage.js";
import type { KindRules, StandIn } from "../model/kind.js";
import type { Inventory, Policy, Resource } from "../model/model.js";
import { EffectivePolicies } from "../retention/effective-policies.js";
import { type RefusedOf, refusedIn } from "../selection/refused.js";
import { selection } from "../selection/select.js";

/** An inventory, and what the policies select of it. */
export interface Chosen {
  readonly inventory: Inventory;
  readonly rules: KindRules;
  /** The view of the home region; undefined where that is unknown, and then nothing that lives there is decided about. */
  readonly home: CompleteView | undefined;
  /** By the name of the policy. */
  readonly selected: ReadonlyMap<string, readonly Resource[]>;
}

/** What the parts of the planner and the reports go by: an inventory, indexed once. */
export interface PlanContext extends Chosen {
  readonly lineages: Lineages;
  /** Resources by their id. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly effective: EffectivePolicies;
  /** What AWS said that it never does. */
  readonly refused: RefusedOf;
  /** Copies that are in flight; what is planned is noted there too. */
  readonly inFlight: InFlight;
  /** Whose points stand in for those of a resource. */
  readonly standIns: (policy: Policy, resource: Resource) => readonly StandIn[];
}

/** What is selected, for whoever asks nothing about points. */
export function chosenIn(inventory: Inventory, rules: KindRules): Chosen {
  const home = knownView(inventory, inventory.home);
  return { inventory, rules, home, selected: selection({ ...inventory, resources: home?.resources ?? [] }, rules) };
}

/** Indexes an inventory for a plan or a report. */
export function contextOf(inventory: Inventory, rules: KindRules): PlanContext {
  const lineages = indexLineages(inventory);
  const chosen = chosenIn(inventory, rules);
  const { home, selected } = chosen;
  const refused = refusedIn(inventory);
  const effective = new EffectivePolicies(inventory, selected, { rules, refused });
  const policyOf = (policy: Policy, resource: string): Policy => effective.ofSelected(policy, resource);
  return {
    ...chosen,
    lineages,
    resources: new Map((home?.resources ?? []).map((resource) => [resource.id, resource])),
    effective,
    refused,
    inFlight: new InFlight(inventory, lineages, rules),
    standIns: rules.standIns({ policies: inventory.policies, selected, effective: policyOf }),
  };
}
