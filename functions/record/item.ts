import type { Trouble } from "../../core/model/causes.js";
import type { Inventory } from "../../core/model/model.js";

import { onlyPlanned, tally } from "../execute/result.js";
import type { Ended } from "./event.js";
import type { Line, Results } from "./expected.js";

/** What the ledger keeps of a run. */
export function runItem(
  plan: Ended["plan"],
  results: Results,
  lines: readonly Line[],
  worlds: readonly Inventory[],
  troubles: readonly Trouble[],
) {
  const { create, copy, finalize, delete: remove } = results;
  const sums = { create: tally(create), copy: tally(copy), finalize: tally(finalize), delete: tally(remove) };
  const total = (key: "failed" | "later") => Object.values(sums).reduce((sum, one) => sum + one[key], 0);
  const unknown = worlds.flatMap(({ regions }) => Object.keys(regions).filter((name) => !regions[name]?.complete));
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
    inFlight: plan.inFlight,
    unknownRegions: new Set(unknown).size,
  };
}

/** What the plan counted as in flight and AWS refused, or nobody asked AWS for; a delete was never counted. */
export const notBegun = ({ create, copy, finalize }: Results): number =>
  [create, copy, finalize].reduce((sum, list) => sum + tally(list).failed + onlyPlanned(list), 0);
