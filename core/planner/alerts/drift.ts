import { compare, knownView } from "../../inventory/lineage.js";
import type { Alert, Inventory, SelectedCount } from "../../model/model.js";
import { formatSelect, type selection } from "../../selection/select.js";

/** So long a drop is told. After that it was meant: the new count is what later runs are held against. */
const MEANT_AFTER_MS = 7 * 86_400_000;

type Selected = ReturnType<typeof selection>;

const last = ({ memory, home }: Inventory, policy: string): SelectedCount | undefined =>
  memory?.selected?.find((one) => one.region === home && one.policy === policy);

/** Fewer than half of what there was. Few resources are no exception: of one, none is left. */
const dropped = (count: number, before: number): boolean => count * 2 < before;

/** What later runs hold their selection against: the count of this one; while less than half is selected, that from before. */
export function countSelected(world: Inventory, selected: Selected): readonly SelectedCount[] {
  if (knownView(world, world.home) === undefined) return world.memory?.selected ?? [];
  return world.policies
    .map(({ name }): SelectedCount => {
      const count = selected.get(name)?.length ?? 0;
      const before = last(world, name);
      const since = before?.since ?? world.now;
      if (before !== undefined && dropped(count, before.count) && world.now - since < MEANT_AFTER_MS) {
        return { ...before, since };
      }
      return { region: world.home, policy: name, count };
    })
    .toSorted((a, b) => compare(a.policy, b.policy));
}

/** Policies that select less than half of what they did: a tag that was renamed, or a tool that took it off, and not a wish. */
export function selectionDrift(world: Inventory, selected: Selected): Omit<Alert, "do">[] {
  if (knownView(world, world.home) === undefined) return [];
  return world.policies.flatMap(({ name, select }) => {
    const count = selected.get(name)?.length ?? 0;
    const before = last(world, name);
    const since = before?.since ?? world.now;
    // That nothing is left is an alert of its own.
    if (before === undefined || count === 0 || !dropped(count, before.count)) return [];
    if (world.now - since >= MEANT_AFTER_MS) return [];
    const what = "everything" in select ? "" : ` by ${formatSelect(select)}`;
    const reason = `it selects ${count} resource(s)${what}, and selected ${before.count} before`;
    return [{ region: world.home, policy: name, resource: "", point: "", cause: "selection-dropped", reason }];
  });
}
