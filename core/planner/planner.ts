import { InFlight, indexLineages } from "../inventory/lineage.js";
import type { Found } from "../model/causes.js";
import type { Action, Inventory, RegionView } from "../model/model.js";
import { EffectivePolicies } from "../retention/effective-policies.js";
import { selection } from "../selection/select.js";
import { planAlerts } from "./alerts/alerts.js";
import { planCopies } from "./copies.js";
import { planCreates } from "./creates.js";
import { planFinalize } from "./finalize.js";
import { guard } from "./guard.js";
import { planLabels } from "./labels.js";
import { planPrunes } from "./prunes.js";

/**
 * Compares what the policies want with what exists and says what to do and why: creates, copies by deadline, what is
 * left to do on points that are there, deletes oldest first, what waits for approval, keeps, alerts. No clock, no I/O; the same world gives the same plan, in whatever order its parts come. Nothing that
 * could not be seen is taken for absent.
 */
export function plan(world: Inventory): Action[] {
  const seen = indexLineages(world);
  const selected = selection(world);
  const book = new EffectivePolicies(world, selected);
  const inFlight = new InFlight(world, seen);
  const creates = planCreates(world, seen, selected, book);
  const copies = planCopies(world, seen, inFlight, book);
  const pruned = planPrunes(world, seen, inFlight, book);
  const { deletes, holds, alerts: waiting } = guard(world, pruned, book);
  const finalizes = [...planFinalize(world, seen), ...planLabels(world, seen)];
  const alerts = planAlerts(world, seen, selected, book, waiting);
  return [...creates, ...copies, ...finalizes, ...deletes, ...holds, ...pruned.keeps, ...alerts];
}

/** The plans of several home regions share the copy slots of a DR region: each sees those that the ones before it took. */
export function planAll(worlds: readonly Inventory[]): Action[] {
  const actions: Action[] = [];
  for (const world of worlds) actions.push(...plan(withTaken(world, actions)));
  return actions;
}

function withTaken(world: Inventory, actions: readonly Action[]): Inventory {
  const regions = Object.entries(world.regions).map(([region, view]): [string, RegionView] => {
    if (!view.complete) return [region, view];
    const taken = actions.filter((action) => action.do === "copy" && action.region === region).length;
    return [region, { ...view, copiesInFlight: view.copiesInFlight + taken }];
  });
  return { ...world, regions: Object.fromEntries(regions) };
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
