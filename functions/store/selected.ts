import { compare } from "../../core/inventory/lineage.js";
import type { SelectedCount } from "../../core/model/model.js";
import type { Item } from "./items.js";
import type { Table } from "./table.js";

const SELECTED = "selected";

/** An item for each home region: how many resources each policy selects, and since when those are less than half of them. */
const selectedOf = ({ region, counts, since }: Item): SelectedCount[] =>
  Object.entries(counts ?? {}).flatMap(([policy, count]): SelectedCount[] => {
    if (typeof region !== "string" || typeof count !== "number") return [];
    const first: unknown = Object.entries(since ?? {}).find(([name]) => name === policy)?.[1];
    return [{ region, policy, count, ...(typeof first === "number" && { since: first }) }];
  });

/** Whoever wrote them may have had another order. */
const byPolicy = (a: SelectedCount, b: SelectedCount): number => compare(a.policy, b.policy);

/** How many resources each policy selected in the last run that could tell. */
export async function readSelected(table: Table): Promise<SelectedCount[]> {
  return (await table.list(SELECTED)).flatMap(selectedOf).toSorted(byPolicy);
}

export async function writeSelected(table: Table, all: readonly SelectedCount[]): Promise<void> {
  for (const [region, mine] of Map.groupBy(all, (one) => one.region)) {
    const counts = Object.fromEntries(mine.map(({ policy, count }) => [policy, count]));
    const since = Object.fromEntries(mine.flatMap((one) => (one.since === undefined ? [] : [[one.policy, one.since]])));
    await table.put({ pk: SELECTED, sk: region }, { region, counts, since });
  }
}
