import { wholeIn } from "../automation/estate/points.js";
import { type Awaited, openIn } from "../automation/estate/settling.js";
import { livingIn } from "../core/inventory/lineage.js";
import { rulesOf } from "../core/model/kind.js";
import type { Inventory, Resource } from "../core/model/model.js";
import { selects } from "../core/selection/select.js";
import type { KindEvents } from "../kinds/event.js";
import { EVENTS } from "../kinds/events.js";
import { RULES } from "../kinds/rules.js";

/** A point that is waited for, and the kind that its resource is of. */
export type Wanted = Awaited & { readonly kind: string };

const events: Readonly<Record<string, KindEvents | undefined>> = EVENTS;

/** Whether AWS sends events of a kind. */
export const isToldOf = (kind: string): boolean => events[kind] !== undefined;

const selectedIn = (world: Inventory) => {
  const rules = rulesOf(RULES, world.kind);
  return world.policies.flatMap((policy) =>
    (livingIn(world) ?? []).filter((one) => selects(policy, one, rules)).map((resource) => ({ policy, resource })),
  );
};

/** The resources of a kind that policies select, each once. */
export const protectedIn = (worlds: readonly Inventory[], kind: string): Resource[] => [
  ...new Set(worlds.filter((one) => one.kind === kind).flatMap((one) => selectedIn(one).map((o) => o.resource))),
];

/** A point of every resource by each policy that selects it, in all its regions. */
export const wantedAt = (due: number, worlds: readonly Inventory[]): Wanted[] =>
  worlds.flatMap((world) =>
    selectedIn(world).map(({ policy, resource: { id } }) => ({
      kind: world.kind,
      resource: id,
      policy: policy.name,
      regions: [world.home, ...policy.copy.map(({ region }) => region)],
      since: due,
    })),
  );

/** Points of the wanted ones that are whole in a region. */
const wholeSince = (world: Inventory, region: string, { policy, resource, since }: Wanted) =>
  wholeIn(world, region, policy, resource).filter(({ scheduled }) => scheduled >= since);

/** Whether all that is wanted of a kind is whole everywhere. */
export const isWhole = (world: Inventory, wanted: readonly Wanted[]): boolean =>
  wanted.every((one) => one.regions.every((region) => wholeSince(world, region, one).length > 0));

/** Whether anything is in progress anywhere. */
export const isPending = (worlds: readonly Inventory[]): boolean =>
  worlds
    .flatMap(({ regions }) => Object.values(regions))
    .flatMap((view) => (view.complete ? view.points : []))
    .some(({ artifacts }) => artifacts.some(({ state }) => state === "pending"));

/** Copies of the wanted points that are there, and those that are still to be made. */
export function copiesSince(
  worlds: readonly Inventory[],
  wanted: readonly Wanted[],
): { readonly made: number; readonly open: number } {
  const copies = worlds.flatMap((world) =>
    wanted
      .filter(({ kind }) => kind === world.kind)
      .flatMap((one) => one.regions.slice(1).flatMap((region) => wholeSince(world, region, one))),
  );
  return { made: copies.length, open: openIn(worlds).filter((action) => action.do === "copy").length };
}
