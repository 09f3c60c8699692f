import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Inventory } from "../../core/model/model.js";
import { VERBS, type Verb } from "../../core/names/names.js";
import { chosenIn } from "../../core/planner/context.js";
import type { Result } from "../execute/result.js";

export interface Line {
  readonly policy: string;
  readonly resource: string;
  readonly home: string;
  readonly expected: Readonly<Record<Verb, number>>;
  readonly actual: Readonly<Record<Verb, number>>;
  readonly failed: number;
  readonly later: number;
}

export type Results = Readonly<Record<Verb, readonly Result[]>>;
const CARRIED_OUT = new Set(["done", "adopted", "started", "kept"]);

/** Expected against actual for each selected resource, also for those where nothing was to be done. */
export function expectedAgainstActual(inventories: readonly Inventory[], results: Results, rules: RulesTable): Line[] {
  const of = VERBS.flatMap((verb) => results[verb].map((result) => ({ verb, result })));
  const grouped = Map.groupBy(of, ({ result }) => JSON.stringify([result.policy, result.resource]));
  return inventories.flatMap((inventory) =>
    [...chosenIn(inventory, rulesOf(rules, inventory.kind)).selected].flatMap(([policy, resources]) =>
      resources.map((resource): Line => {
        const mine = grouped.get(JSON.stringify([policy, resource.id])) ?? [];
        const count = (wanted: (result: Result) => boolean) => (verb: Verb) =>
          mine.filter((entry) => entry.verb === verb && wanted(entry.result)).length;
        const all = count(() => true);
        const done = count((result) => CARRIED_OUT.has(result.outcome));
        return {
          policy,
          resource: resource.id,
          home: inventory.home,
          expected: { create: all("create"), copy: all("copy"), finalize: all("finalize"), delete: all("delete") },
          actual: { create: done("create"), copy: done("copy"), finalize: done("finalize"), delete: done("delete") },
          failed: mine.filter(({ result }) => result.outcome === "failed").length,
          later: mine.filter(({ result }) => result.outcome === "later").length,
        };
      }),
    ),
  );
}
