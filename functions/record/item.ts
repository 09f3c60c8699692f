import type { Trouble } from "../../core/model/causes.js";
import type { World } from "../../core/model/model.js";

import { onlyPlanned, tally } from "../execute/result.js";
import type { Ended } from "./event.js";
import type { Line, Results } from "./expected.js";

/** What the ledger keeps of a run. */
export function runItem(
  plan: Ended["plan"],
  results: Results,
  lines: readonly Line[],
  worlds: readonly World[],
  troubles: readonly Trouble[],
) {
  const { create, copy, finish, delete: remove } = results;
  const sums = { create: tally(create), copy: tally(copy), finish: tally(finish), delete: tally(remove) };
  const total = (key: "failed" | "later") => Object.values(sums).reduce((sum, one) => sum + one[key], 0);
  const unknown = worlds.flatMap(({ regions }) => Object.keys(regions).filter((name) => !regions[name]?.complete));
  return {
    outcome: "done",
    selected: new Set(lines.map((line) => line.resource)).size,
    expected: { create: plan.creates, copy: plan.copies, finish: plan.finishes, delete: plan.deletes },
    actual: {
      create: sums.create.done,
      copy: sums.copy.done,
      finish: sums.finish.done,
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
export const notBegun = ({ create, copy, finish }: Results): number =>
  [create, copy, finish].reduce((sum, list) => sum + tally(list).failed + onlyPlanned(list), 0);
