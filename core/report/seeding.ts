import { knownView, type RegionPoints } from "../inventory/lineage.js";
import type { KindRules } from "../model/kind.js";
import type { Inventory } from "../model/model.js";
import { contextOf, type PlanContext } from "../planner/context.js";

/** What a region must get once, before there is anything to build on. Sizes are those of whole members, so all is at most so much. */
export interface Seed {
  readonly region: string;
  readonly resources: number;
  /** An artifact, or a copy, of each. */
  readonly members: number;
  readonly gib: number;
  /** Of the first full artifacts, in US dollars. */
  readonly storageMonth: number;
}

export interface CopySeed extends Seed {
  /** Copies that run at the same time. */
  readonly slots: number;
  /** Rounds of so many copies. */
  readonly waves: number;
  /** While each copy runs as fast as its kind assumes. */
  readonly hours: number;
  /** In US dollars, once. */
  readonly transfer: number;
}

/** The first seeding of an estate: full artifacts and full copies. What comes after it is what has changed. */
export interface Seeding {
  /** The first points. */
  readonly home: Seed;
  /** The first copies, for each region that lacks any. */
  readonly copies: readonly CopySeed[];
}

type Costs = KindRules["costs"];

interface Wanted {
  readonly atHome: RegionPoints;
  readonly copies: readonly { readonly region: string; readonly there: RegionPoints }[];
  /** Sizes of what its next point has an artifact of. */
  readonly sizes: readonly number[];
}

/** All that policies select now; what others stand in for is none of it. */
function wantedIn({ inventory, rules, lineages, selected, effective, standIns }: PlanContext): Wanted[] {
  return inventory.policies.flatMap((policy) =>
    (selected.get(policy.name) ?? []).flatMap((resource): Wanted[] => {
      const ruled = effective.ofSelected(policy, resource.id);
      const { members, problem } = rules.protects(policy, resource);
      if (problem !== undefined || members.length === 0 || standIns(policy, resource).length > 0) return [];
      const lineage = lineages.of(policy.name, resource.id);
      return [
        {
          atHome: lineages.pointsIn(lineage, inventory.home),
          copies: ruled.copy.map(({ region }) => ({ region, there: lineages.pointsIn(lineage, region) })),
          sizes: members.map(({ sizeGiB }) => sizeGiB),
        },
      ];
    }),
  );
}

const sizesOf = ({ atHome, sizes }: Wanted): readonly number[] => {
  const [newest] = atHome.completed;
  return newest === undefined ? sizes : newest.artifacts.map(({ sizeGiB }) => sizeGiB);
};

function seedOf(region: string, each: readonly (readonly number[])[], { storageGbMonth }: Costs): Seed {
  const sizes = each.flat();
  const gib = sizes.reduce((sum, size) => sum + size, 0);
  return { region, resources: each.length, members: sizes.length, gib, storageMonth: gib * storageGbMonth };
}

/** Each slot takes the next copy as soon as it is free. */
function hoursOf(sizes: readonly number[], slots: number, { copyMibPerS }: Costs): number {
  const busy = Array.from({ length: Math.min(slots, sizes.length) }, () => 0);
  for (const size of sizes) {
    const first = busy.indexOf(Math.min(...busy));
    busy[first] = (busy[first] ?? 0) + size;
  }
  return (Math.max(0, ...busy) * 1024) / copyMibPerS / 3600;
}

function copySeedOf(region: string, each: readonly (readonly number[])[], slots: number, costs: Costs): CopySeed {
  const seed = seedOf(region, each, costs);
  const waves = Math.ceil(seed.members / slots);
  return { ...seed, slots, waves, hours: hoursOf(each.flat(), slots, costs), transfer: seed.gib * costs.transferGb };
}

/**
 * What the first seeding takes, in bytes, time and money.
 * @returns undefined where none is due: everything that is selected has a completed point, and a copy wherever it is to be copied;
 *   or where the home region is unknown. Of a copy region that is unknown nothing is said.
 */
export function seeding(inventory: Inventory, rules: KindRules): Seeding | undefined {
  const context = contextOf(inventory, rules);
  if (context.home === undefined) return undefined;
  const { costs } = rules;
  const wanted = wantedIn(context);
  const slots = Math.max(1, inventory.limits.copySlots - inventory.limits.copyReserve);
  const home = wanted.filter(({ atHome }) => atHome.completed.length === 0).map(({ sizes }) => sizes);
  const regions = [...new Set(wanted.flatMap(({ copies }) => copies.map(({ region }) => region)))].toSorted();
  const copies = regions.flatMap((region): CopySeed[] => {
    if (region === inventory.home || knownView(inventory, region) === undefined) return [];
    const lacking = wanted.filter((one) =>
      one.copies.some((copy) => copy.region === region && copy.there.completed.length === 0),
    );
    return lacking.length === 0 ? [] : [copySeedOf(region, lacking.map(sizesOf), slots, costs)];
  });
  return home.length === 0 && copies.length === 0 ? undefined : { home: seedOf(inventory.home, home, costs), copies };
}

/** A sum of numbers; of none 0. */
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

const sumOfSeeds = (region: string, seeds: readonly Seed[]): Seed => ({
  region,
  resources: sumOf(seeds.map((one) => one.resources)),
  members: sumOf(seeds.map((one) => one.members)),
  gib: sumOf(seeds.map((one) => one.gib)),
  storageMonth: sumOf(seeds.map((one) => one.storageMonth)),
});

/** What several kinds take together: each has its own slots, so that they are copied at the same time. */
export function together(seedings: readonly Seeding[]): Seeding | undefined {
  const [first] = seedings;
  if (first === undefined) return undefined;
  const byRegion = Map.groupBy(
    seedings.flatMap(({ copies }) => copies),
    ({ region }) => region,
  );
  const copies = [...byRegion].map(
    ([region, of]): CopySeed => ({
      ...sumOfSeeds(region, of),
      slots: sumOf(of.map(({ slots }) => slots)),
      waves: Math.max(...of.map(({ waves }) => waves)),
      hours: Math.max(...of.map(({ hours }) => hours)),
      transfer: sumOf(of.map(({ transfer }) => transfer)),
    }),
  );
  const home = sumOfSeeds(
    first.home.region,
    seedings.map((one) => one.home),
  );
  return { home, copies };
}
