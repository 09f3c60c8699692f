import { compare } from "../../inventory/lineage.js";
import type { Told } from "../../model/kind.js";
import type { Inventory, Policy, SelectedCount } from "../../model/model.js";
import { formatSelect } from "../../selection/select.js";
import type { Chosen } from "../context.js";

/** So long a drop is told. After that it was meant: the new count is what later runs are held against. */
const MEANT_AFTER_MS = 7 * 86_400_000;

/** Fewer than half of what there was. Few resources are no exception: of one, none is left. */
const dropped = (count: number, before: number): boolean => count * 2 < before;

interface Drift {
  readonly now: number;
  readonly count: number;
  readonly before: SelectedCount | undefined;
}

/** How many resources a policy selects now, of all its kinds, and selected before. */
function driftOf(policy: string, home: string, kinds: readonly Chosen[]): Drift {
  const first: Inventory | undefined = kinds[0]?.inventory;
  return {
    now: first?.now ?? 0,
    count: kinds.reduce((sum, { selected }) => sum + (selected.get(policy)?.length ?? 0), 0),
    before: first?.memory?.selected?.find((one) => one.region === home && one.policy === policy),
  };
}

/** What later runs hold a policy's selection against: the count of this one; while less than half is selected, that from before. */
export function countSelected(policy: string, home: string, kinds: readonly Chosen[]): SelectedCount {
  const { now, count, before } = driftOf(policy, home, kinds);
  const since = before?.since ?? now;
  if (before !== undefined && dropped(count, before.count) && now - since < MEANT_AFTER_MS) return { ...before, since };
  return { region: home, policy, count };
}

/** Counts in a stable order. */
export const inPolicyOrder = (counts: readonly SelectedCount[]): SelectedCount[] =>
  counts.toSorted((a, b) => compare(a.policy, b.policy));

/** A policy that selects less than half of what it did: a tag that was renamed, or a tool that took it off, and not a wish. */
export function selectionDrift({ name, select }: Policy, home: string, kinds: readonly Chosen[]): Told[] {
  const { now, count, before } = driftOf(name, home, kinds);
  // That nothing is left is an alert of its own.
  if (before === undefined || count === 0 || !dropped(count, before.count)) return [];
  if (now - (before.since ?? now) >= MEANT_AFTER_MS) return [];
  const what = "everything" in select ? "" : ` by ${formatSelect(select)}`;
  const reason = `it selects ${count} resource(s)${what}, and selected ${before.count} before`;
  return [{ region: home, policy: name, resource: "", point: "", cause: "selection-dropped", reason }];
}
