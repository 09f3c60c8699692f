import { COPY_MIB_PER_S } from "../inventory/hanging.js";
import { indexLineages, knownView, type RegionPoints } from "../inventory/lineage.js";
import type { Inventory } from "../model/model.js";
import { Covers } from "../planner/covers.js";
import { EffectivePolicies } from "../retention/effective-policies.js";
import { covered } from "../selection/exclude.js";
import { selection } from "../selection/select.js";

/**
 * US dollars, of us-east-1: "Amazon EBS pricing", snapshots of the standard tier; "Amazon EC2 On-Demand Pricing", data transfer out to
 * another region. Other regions cost more or less, and prices change.
 */
export const PRICES = { region: "us-east-1", storageGbMonth: 0.05, transferGb: 0.02 } as const;

/** What a region must get once, before there is anything to build on. Sizes are those of whole volumes, so all is at most so much. */
export interface Seed {
  readonly region: string;
  readonly resources: number;
  /** A snapshot, or a copy, of each. */
  readonly volumes: number;
  readonly gib: number;
  /** Of the first full snapshots, in US dollars. */
  readonly storageMonth: number;
}

export interface CopySeed extends Seed {
  /** Copies that run at the same time. */
  readonly slots: number;
  /** Rounds of so many copies. */
  readonly waves: number;
  /** While each copy runs at `COPY_MIB_PER_S`. */
  readonly hours: number;
  /** In US dollars, once. */
  readonly transfer: number;
}

/** The first seeding of an estate: full snapshots and full copies. What comes after it is what has changed. */
export interface Seeding {
  /** The first points. */
  readonly home: Seed;
  /** The first copies, for each region that lacks any. */
  readonly copies: readonly CopySeed[];
}

interface Wanted {
  readonly atHome: RegionPoints;
  readonly copies: readonly { readonly region: string; readonly there: RegionPoints }[];
  /** Sizes of what its next point has a snapshot of. */
  readonly volumes: readonly number[];
}

/** All that policies select now; single volumes that a set has are none of it. */
function wantedIn(world: Inventory): Wanted[] {
  const seen = indexLineages(world);
  const selected = selection(world);
  const book = new EffectivePolicies(world, selected);
  const covers = new Covers(world, selected, book);
  return world.policies.flatMap((policy) =>
    (selected.get(policy.name) ?? []).flatMap((resource): Wanted[] => {
      const ruled = book.policyOf({ policy: policy.name, resource: resource.id }) ?? policy;
      const { volumes, problem } = covered(policy, resource);
      const isCovered = resource.kind === "volume" && covers.of(policy, resource.id).length > 0;
      if (problem !== undefined || volumes.length === 0 || isCovered) return [];
      const lineage = seen.of(policy.name, resource.id);
      return [
        {
          atHome: seen.pointsIn(lineage, world.home),
          copies: ruled.copy.map(({ region }) => ({ region, there: seen.pointsIn(lineage, region) })),
          volumes: volumes.map(({ sizeGiB }) => sizeGiB),
        },
      ];
    }),
  );
}

const sizesOf = ({ atHome, volumes }: Wanted): readonly number[] => {
  const [newest] = atHome.completed;
  return newest === undefined ? volumes : newest.artifacts.map(({ sizeGiB }) => sizeGiB);
};

function seedOf(region: string, each: readonly (readonly number[])[]): Seed {
  const sizes = each.flat();
  const gib = sizes.reduce((sum, size) => sum + size, 0);
  return { region, resources: each.length, volumes: sizes.length, gib, storageMonth: gib * PRICES.storageGbMonth };
}

/** Each slot takes the next copy as soon as it is free. */
function hoursOf(sizes: readonly number[], slots: number): number {
  const busy = Array.from({ length: Math.min(slots, sizes.length) }, () => 0);
  for (const size of sizes) {
    const first = busy.indexOf(Math.min(...busy));
    busy[first] = (busy[first] ?? 0) + size;
  }
  return (Math.max(0, ...busy) * 1024) / COPY_MIB_PER_S / 3600;
}

function copySeedOf(region: string, each: readonly (readonly number[])[], slots: number): CopySeed {
  const seed = seedOf(region, each);
  const waves = Math.ceil(seed.volumes / slots);
  return { ...seed, slots, waves, hours: hoursOf(each.flat(), slots), transfer: seed.gib * PRICES.transferGb };
}

/**
 * What the first seeding takes, in bytes, time and money.
 * @returns undefined where none is due: everything that is selected has a completed point, and a copy wherever it is to be copied;
 *   or where the home region is unknown. Of a copy region that is unknown nothing is said.
 */
export function seeding(world: Inventory): Seeding | undefined {
  if (knownView(world, world.home) === undefined) return undefined;
  const wanted = wantedIn(world);
  const slots = Math.max(1, world.limits.copySlots - world.limits.copyReserve);
  const home = wanted.filter(({ atHome }) => atHome.completed.length === 0).map(({ volumes }) => volumes);
  const regions = [...new Set(wanted.flatMap(({ copies }) => copies.map(({ region }) => region)))].toSorted();
  const copies = regions.flatMap((region): CopySeed[] => {
    if (region === world.home || knownView(world, region) === undefined) return [];
    const lacking = wanted.filter((one) =>
      one.copies.some((copy) => copy.region === region && copy.there.completed.length === 0),
    );
    return lacking.length === 0 ? [] : [copySeedOf(region, lacking.map(sizesOf), slots)];
  });
  return home.length === 0 && copies.length === 0 ? undefined : { home: seedOf(world.home, home), copies };
}
