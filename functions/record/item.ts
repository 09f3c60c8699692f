import type { Trouble } from "../../core/model/causes.js";
import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Inventory } from "../../core/model/model.js";

import { onlyPlanned, type Result, tally } from "../execute/result.js";
import type { Ended } from "./event.js";
import type { Line, Results } from "./expected.js";

/** What the ledger keeps of a run. */
export function runItem(
  plan: Ended["plan"],
  results: Results,
  lines: readonly Line[],
  inventories: readonly Inventory[],
  troubles: readonly Trouble[],
) {
  const { create, copy, finalize, delete: remove } = results;
  const sums = { create: tally(create), copy: tally(copy), finalize: tally(finalize), delete: tally(remove) };
  const total = (key: "failed" | "later") => Object.values(sums).reduce((sum, one) => sum + one[key], 0);
  const unknown = inventories.flatMap(({ regions }) => Object.keys(regions).filter((name) => !regions[name]?.complete));
  return {
    outcome: "done",
    selected: new Set(lines.map((line) => line.resource)).size,
    expected: { create: plan.creates, copy: plan.copies, finalize: plan.finalizes, delete: plan.deletes },
    actual: {
      create: sums.create.done,
      copy: sums.copy.done,
      finalize: sums.finalize.done,
      delete: sums.delete.done,
    },
    failed: total("failed"),
    later: total("later"),
    planned: Object.values(results).reduce((sum, list) => sum + onlyPlanned(list), 0),
    alerts: troubles.length,
    inFlight: Object.values(plan.inFlight).reduce((sum, count) => sum + count, 0),
    unknownRegions: new Set(unknown).size,
  };
}

/** What the plan counted as in flight and AWS refused, or nobody asked AWS for; a delete was never counted. */
const notBegun = (results: readonly Result[]): number => tally(results).failed + onlyPlanned(results);

/** By kind what is in flight after a run, of what its plan counted. */
export function inFlightAfter(
  plan: Ended["plan"],
  { create, copy, finalize }: Results,
  rules: RulesTable,
): Readonly<Record<string, number>> {
  const counts = Object.entries(plan.inFlight).map(([kind, count]): [string, number] => {
    const { resourceKinds } = rulesOf(rules, kind);
    const mine = [...create, ...copy, ...finalize].filter((result) => resourceKinds.includes(result.kind));
    return [kind, Math.max(0, count - notBegun(mine))];
  });
  return Object.fromEntries(counts);
}
