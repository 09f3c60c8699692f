import { knownView, unknownBecause } from "../inventory/lineage.js";
import type { KindRules } from "../model/kind.js";
import type { Action, CopyRule, Inventory } from "../model/model.js";
import { contextOf } from "../planner/context.js";

/** What is not done yet, whoever has to do it. */
export interface Pending {
  /** Artifacts and copies that AWS is at. */
  readonly artifacts: number;
  /** Points that are due: this run asked for them, or a later one will. */
  readonly creates: number;
  /** Newest points of a resource that a region does not hold a completed copy of. */
  readonly copies: number;
  /** Deletes that wait for approval. */
  readonly held: number;
  /** Regions that could not be read, and why. */
  readonly unknown: readonly string[];
}

/** What is still pending in a world, by the plan of it. */
export function pendingIn(inventory: Inventory, actions: readonly Action[], rules: KindRules): Pending {
  const views = Object.keys(inventory.regions).flatMap((region) => knownView(inventory, region) ?? []);
  const parts = views.flatMap(({ points }) => points.flatMap((point) => point.artifacts));
  return {
    artifacts: parts.filter(({ state }) => state === "pending").length,
    creates: actions.filter((action) => action.do === "create").length,
    copies: copiesBehind(inventory, rules),
    held: actions.filter((action) => action.do === "pending-approval").length,
    unknown: Object.keys(inventory.regions)
      .filter((region) => knownView(inventory, region) === undefined)
      .map((region) => `${region}: ${unknownBecause(inventory, region)}`),
  };
}

/** By each resource's own policy: what cannot be copied there is not behind. */
function copiesBehind(inventory: Inventory, rules: KindRules): number {
  const { lineages, selected, effective } = contextOf(inventory, rules);
  let behind = 0;
  for (const policy of inventory.policies) {
    for (const { id } of selected.get(policy.name) ?? []) {
      const lineage = lineages.of(policy.name, id);
      const newest = lineages.pointsIn(lineage, inventory.home).completed[0]?.point.scheduled;
      if (newest === undefined) continue;
      const isBehind = ({ region }: CopyRule): boolean =>
        knownView(inventory, region) !== undefined &&
        (lineages.pointsIn(lineage, region).completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY) < newest;
      behind += effective.ofSelected(policy, id).copy.filter(isBehind).length;
    }
  }
  return behind;
}

/** A run in numbers. */
export interface RunNumbers {
  readonly region: string;
  readonly selected: number;
  readonly created: number;
  readonly copied: number;
  readonly deleted: number;
  /** Actions that AWS refused. */
  readonly failed: number;
  /** Put off: throttled, or no slot. */
  readonly later: number;
  /** Not done, because the stack only plans. */
  readonly planned: number;
  /** Alerts that are open. */
  readonly troubles: number;
  readonly pending: Pending;
}

export type RunState = "complete" | "in progress" | "needs attention";

/** Nothing is complete while anything is pending, failed or unknown, or anything is wrong. */
export function stateOfRun({ failed, later, planned, troubles, pending }: RunNumbers): RunState {
  if (failed > 0 || planned > 0 || troubles > 0 || pending.unknown.length > 0 || pending.held > 0) {
    return "needs attention";
  }
  return later + pending.artifacts + pending.creates + pending.copies > 0 ? "in progress" : "complete";
}

/** What is pending in words; empty when nothing is. */
export function formatPending({ later, pending }: RunNumbers): string[] {
  const count = (n: number, what: string): string[] => (n === 0 ? [] : [`${n} ${what}`]);
  return [
    ...count(pending.artifacts, "backup(s) that AWS is at"),
    ...count(pending.creates, "point(s) to be made"),
    ...count(pending.copies, "point(s) not copied yet"),
    ...count(pending.held, "delete(s) that wait for approval"),
    ...count(later, "action(s) put off"),
    ...pending.unknown.map((region) => `what is in ${region}`),
  ];
}

/** A line for a subject, and the lines of the message. */
export function formatRun(run: RunNumbers): { readonly head: string; readonly lines: readonly string[] } {
  const state = stateOfRun(run);
  const pending = formatPending(run);
  const done = `${run.created} made, ${run.copied} copied, ${run.deleted} deleted`;
  return {
    head: `${state} in ${run.region}: ${run.selected} resource(s), ${done}`,
    lines: [
      `State: ${state}`,
      `Region: ${run.region}`,
      `Resources: ${run.selected}`,
      `Points: ${done}`,
      `Failed: ${run.failed}`,
      ...(run.planned > 0 ? [`Only planned, since lockstep:mode is plan: ${run.planned}`] : []),
      `Open alerts: ${run.troubles}`,
      `Still pending: ${pending.join(", ") || "nothing"}`,
    ],
  };
}
