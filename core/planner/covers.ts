import type { Lineages, RegionPoints } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Create, Inventory, Policy, Resource } from "../model/model.js";
import { sectionOf } from "../model/sections.js";
import type { EffectivePolicies } from "../retention/effective-policies.js";
import { covered } from "../selection/exclude.js";

/** A set of an instance's volumes that has a single volume in it. */
export interface Cover {
  readonly policy: string;
  readonly resource: string;
}

/** So long after its slot a volume waits for a set that is due: one that AWS refuses must not leave it without a point. */
const SET_WAIT_MS = 3_600_000;

/** Which instance sets make a single volume's own points unneeded: they have the volume, and are copied wherever its own would be. */
export class Covers {
  readonly #byVolume = new Map<string, (Cover & { readonly regions: ReadonlySet<string> })[]>();
  readonly #book: EffectivePolicies;

  constructor(
    { policies }: Pick<Inventory, "policies">,
    selected: ReadonlyMap<string, readonly Resource[]>,
    book: EffectivePolicies,
  ) {
    this.#book = book;
    // Without such a policy nobody asks.
    if (!policies.some((policy) => policy.kinds?.includes("volume") && sectionOf(policy).also !== true)) return;
    for (const policy of policies) {
      for (const resource of selected.get(policy.name) ?? []) {
        if (resource.kind === "instance") this.#add(policy, resource);
      }
    }
  }

  #add(policy: Policy, resource: Resource): void {
    const { volumes, problem } = covered(policy, resource);
    if (problem !== undefined) return;
    const ruled = this.#book.policyOf({ policy: policy.name, resource: resource.id }) ?? policy;
    const cover = {
      policy: policy.name,
      resource: resource.id,
      regions: new Set(ruled.copy.map(({ region }) => region)),
    };
    for (const { id } of volumes) this.#byVolume.set(id, [...(this.#byVolume.get(id) ?? []), cover]);
  }

  /** Those that stand in for points of a volume under a policy; none where the policy wants its own in any case. */
  of(policy: Policy, volume: string): readonly Cover[] {
    if (sectionOf(policy).also === true) return [];
    const covers = this.#byVolume.get(volume);
    if (covers === undefined) return [];
    const wanted = (this.#book.policyOf({ policy: policy.name, resource: volume }) ?? policy).copy;
    return covers.filter(({ regions }) => wanted.every(({ region }) => regions.has(region)));
  }
}

const has = (entry: PointState, volume: string): boolean =>
  entry.artifacts.some((part) => part.member === volume && part.state !== "error");

/** Whether a set of the slot, or of a later one, has the volume: planned just now, in progress, or completed. */
export function standsIn(
  covers: readonly Cover[],
  { volume, slot, now }: { readonly volume: string; readonly slot: number; readonly now: number },
  creates: readonly Create[],
  homeOf: (cover: Cover) => RegionPoints,
): boolean {
  return covers.some((cover) => {
    const made = homeOf(cover).points.some(
      (entry) =>
        entry.point.scheduled >= slot &&
        (entry.status === "completed" || entry.status === "pending") &&
        has(entry, volume),
    );
    const isDue = (one: Create): boolean =>
      one.policy === cover.policy && one.resource === cover.resource && one.scheduled >= slot;
    return made || (now - slot < SET_WAIT_MS && creates.some(isDue));
  });
}

/** The newest completed point of a resource in the region of its own holding: one of its own, or a set of its covers that has it. */
export function newestOf(
  { region, completed }: RegionPoints,
  covers: readonly Cover[],
  seen: Lineages,
  id: string,
): PointState | undefined {
  const sets = covers.flatMap(({ policy, resource }) => {
    const holding = seen.pointsIn(seen.of(policy, resource), region);
    return holding.completed.find((entry) => has(entry, id)) ?? [];
  });
  return [...completed.slice(0, 1), ...sets].toSorted((a, b) => b.start - a.start)[0];
}
