import type { RulesTable } from "../../core/model/kind.js";
import type { Action, Inventory } from "../../core/model/model.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import { actionsFor, planAll } from "../../core/planner/planner.js";
import { holderOf } from "../execute/run.js";
import { PlanEvent } from "../lib/fields.js";
import { parseInput } from "../lib/input.js";
import type { Log } from "../lib/log.js";
import type { Bucket } from "../store/bucket.js";
import type { Lease } from "../store/lease.js";
import { readSurvey } from "../store/worldfile.js";

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
  const { worlds } = await readSurvey(deps.bucket, runId);
  const actions = planAll(worlds, deps.rules);
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
  const summary = { runId, creates, copies, finalizes, deletes, alerts, inFlight: inFlight(worlds, actions) };
  deps.log.createChild({ persistentKeys: { runId } }).info("planned", { ...summary, held, decisions: own.length });
  return summary;
};

/** What a later run must look at again. */
const BEGINS: ReadonlySet<Action["do"]> = new Set(["create", "copy", "finalize"]);

/** What the tick waits for: unfinished snapshots, what this plan starts, and regions whose copy slots are all taken. */
export function inFlight(worlds: readonly Inventory[], actions: readonly Action[]): number {
  const begun = actions.filter((action) => BEGINS.has(action.do)).length;
  const views = worlds.flatMap((world) => Object.values(world.regions).map((view) => ({ view, limits: world.limits })));
  const open = views.reduce((sum, { view, limits }) => {
    if (!view.complete) return sum;
    const pending = view.points.flatMap((point) => point.artifacts).filter((part) => part.state === "pending").length;
    return sum + pending + (view.copiesInFlight >= limits.copySlots - limits.copyReserve ? 1 : 0);
  }, 0);
  return begun + open;
}
