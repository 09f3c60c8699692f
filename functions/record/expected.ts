import type { Inventory } from "../../core/model/model.js";
import { selection } from "../../core/selection/select.js";
import type { Hand } from "../execute/executor.js";
import type { Result } from "../execute/result.js";

export interface Line {
  readonly policy: string;
  readonly resource: string;
  readonly home: string;
  readonly expected: Readonly<Record<Hand, number>>;
  readonly actual: Readonly<Record<Hand, number>>;
  readonly failed: number;
  readonly later: number;
}

export type Results = Readonly<Record<Hand, readonly Result[]>>;
const HANDS: readonly Hand[] = ["create", "copy", "finalize", "delete"];
const CARRIED_OUT = new Set(["done", "adopted", "kept"]);

/** Expected against actual for each selected resource, also for those where nothing was to be done. */
export function expectedAgainstActual(worlds: readonly Inventory[], results: Results): Line[] {
  const of = HANDS.flatMap((hand) => results[hand].map((result) => ({ hand, result })));
  const grouped = Map.groupBy(of, ({ result }) => JSON.stringify([result.policy, result.resource]));
  return worlds.flatMap((world) =>
    [...selection(world)].flatMap(([policy, resources]) =>
      resources.map((resource): Line => {
        const mine = grouped.get(JSON.stringify([policy, resource.id])) ?? [];
        const count = (wanted: (result: Result) => boolean) => (hand: Hand) =>
          mine.filter((entry) => entry.hand === hand && wanted(entry.result)).length;
        const all = count(() => true);
        const done = count((result) => CARRIED_OUT.has(result.outcome));
        return {
          policy,
          resource: resource.id,
          home: world.home,
          expected: { create: all("create"), copy: all("copy"), finalize: all("finalize"), delete: all("delete") },
          actual: { create: done("create"), copy: done("copy"), finalize: done("finalize"), delete: done("delete") },
          failed: mine.filter(({ result }) => result.outcome === "failed").length,
          later: mine.filter(({ result }) => result.outcome === "later").length,
        };
      }),
    ),
  );
}
