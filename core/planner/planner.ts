import type { Found } from "../model/causes.js";
import { type RulesTable, rulesOf, type Told } from "../model/kind.js";
import type { Action, Inventory, RegionView } from "../model/model.js";
import { planAlerts } from "./alerts/alerts.js";
import { aboutPolicies } from "./alerts/policies.js";
import { contextOf, type PlanContext } from "./context.js";
import { planCopies } from "./copies.js";
import { planCreates } from "./creates.js";
import { planFinalize } from "./finalize.js";
import { guard } from "./guard.js";
import { planPrunes } from "./prunes.js";

/**
 * Compares what the policies want of one kind with what exists and says what to do and why: creates, copies by deadline, what is
 * left to do on points that are there, deletes oldest first, what waits for approval, keeps, alerts. No clock, no I/O; the same inventory gives the same plan, in whatever order its parts come. Nothing that
 * could not be seen is taken for absent.
 */
function plan(context: PlanContext): Planned {
  const creates = planCreates(context);
  const copies = planCopies(context);
  const pruned = planPrunes(context);
  const { deletes, holds, alerts: waiting } = guard(context, pruned);
  const alerts = planAlerts(context);
  return {
    actions: [...creates, ...copies, ...planFinalize(context), ...deletes, ...holds, ...pruned.keeps, ...alerts],
    waiting,
  };
}

/** The plan of one kind, and what of it waits for a person: of a region that is told once, for all kinds. */
interface Planned {
  readonly actions: readonly Action[];
  readonly waiting: readonly Told[];
}

/**
 * Plans each kind of each home region by itself, and what concerns a policy as a whole over all its kinds. The plans of several homes
 * share the copy slots that a kind has in a DR region: each sees those that the ones before it took.
 */
export function planAll(inventories: readonly Inventory[], rules: RulesTable): Action[] {
  let actions: readonly Action[] = [];
  const contexts: PlanContext[] = [];
  const approvals: Told[] = [];
  for (const inventory of inventories) {
    const context = contextOf(withTaken(inventory, actions, rules), rulesOf(rules, inventory.kind));
    contexts.push(context);
    const { actions: own, waiting } = plan(context);
    // A million of them are more than a call takes as arguments.
    actions = actions.concat(own);
    approvals.push(...waiting);
  }
  return [...actions, ...aboutPolicies(contexts, rules, approvals)];
}

function withTaken(inventory: Inventory, actions: readonly Action[], rules: RulesTable): Inventory {
  const { resourceKinds } = rulesOf(rules, inventory.kind);
  const regions = Object.entries(inventory.regions).map(([region, view]): [string, RegionView] => {
    if (!view.complete) return [region, view];
    const taken = actions.filter(
      (action) => action.do === "copy" && action.region === region && resourceKinds.includes(action.kind),
    ).length;
    return [region, { ...view, copiesInFlight: view.copiesInFlight + taken }];
  });
  return { ...inventory, regions: Object.fromEntries(regions) };
}

/**
 * What the controller of a region carries out or tells of a plan: all that changes its region, and that another region is
 * unknown, because whoever cannot be read may not be able to say so.
 */
export const actionsFor = (region: string, actions: readonly Action[]): Action[] =>
  actions.filter((action) => action.region === region || (action.do === "alert" && action.cause === "region-unknown"));

/** What a plan found wrong. */
export const plannedTroubles = (actions: readonly Action[]): Found[] =>
  actions.flatMap((action) => {
    if (action.do !== "alert") return [];
    const { do: _, ...trouble } = action;
    return [trouble];
  });
