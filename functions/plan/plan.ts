import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Action, Copy, Create, Finalize, Inventory } from "../../core/model/model.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import { actionsFor, planAll } from "../../core/planner/planner.js";
import { parseInput } from "../../kinds/lib/input.js";
import type { Log } from "../../kinds/lib/log.js";
import { holderOf } from "../execute/run.js";
import { PlanEvent } from "../lib/fields.js";
import type { Bucket } from "../store/bucket.js";
import type { Lease } from "../store/lease.js";
import { readSurvey } from "../store/survey-file.js";

export interface PlanDeps {
  readonly bucket: Bucket;
  readonly lease: Lease;
  readonly region: string;
  readonly rules: RulesTable;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Plans what the survey saw, once per run. What changes the own region is handed out to be carried out, and these decisions are kept; those
 * of other regions are made and kept there.
 */
export const makePlan = (deps: PlanDeps) => async (raw: unknown) => {
  const { runId } = parseInput(PlanEvent, raw, "the event of plan");
  await deps.lease.extend(holderOf(runId), deps.now());
  const { inventories } = await readSurvey(deps.bucket, runId);
  const actions = planAll(inventories, deps.rules);
  const own = actionsFor(deps.region, actions);
  const keys = runKeys(runId);
  const handOut = async (verb: Verb) => {
    const mine = own.filter((action) => action.do === verb);
    await deps.bucket.writeLines(keys.actions(verb), mine);
    return mine.length;
  };
  const [creates, copies, finalizes, deletes] = await Promise.all([
    handOut("create"),
    handOut("copy"),
    handOut("finalize"),
    handOut("delete"),
  ]);
  await deps.bucket.writeLines(keys.decisions, own);
  const alerts = own.filter((action) => action.do === "alert").length;
  const held = own.filter((action) => action.do === "pending-approval").length;
  const summary = {
    runId,
    creates,
    copies,
    finalizes,
    deletes,
    alerts,
    inFlight: inFlight(inventories, actions, deps.rules),
  };
  deps.log.createChild({ persistentKeys: { runId } }).info("planned", { ...summary, held, decisions: own.length });
  return summary;
};

/** What a later run must look at again. */
const isBegin = (action: Action): action is Create | Copy | Finalize =>
  action.do === "create" || action.do === "copy" || action.do === "finalize";

/** By kind what the tick waits for: unfinished artifacts, what this plan starts, and regions whose copy slots are all taken. */
export function inFlight(
  inventories: readonly Inventory[],
  actions: readonly Action[],
  rules: RulesTable,
): Readonly<Record<string, number>> {
  const counts = [...Map.groupBy(inventories, ({ kind }) => kind)].map(([kind, ofKind]): [string, number] => {
    const { resourceKinds } = rulesOf(rules, kind);
    const begun = actions.filter((action) => isBegin(action) && resourceKinds.includes(action.kind)).length;
    return [kind, begun + ofKind.reduce((sum, inventory) => sum + openIn(inventory), 0)];
  });
  return Object.fromEntries(counts);
}

function openIn({ regions, limits }: Inventory): number {
  return Object.values(regions).reduce((sum, view) => {
    if (!view.complete) return sum;
    const pending = view.points.flatMap((point) => point.artifacts).filter((part) => part.state === "pending").length;
    return sum + pending + (view.copiesInFlight >= limits.copySlots - limits.copyReserve ? 1 : 0);
  }, 0);
}
