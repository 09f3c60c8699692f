import type { Estate, StandIn } from "../../core/model/kind.js";
import type { Policy, Resource } from "../../core/model/model.js";
import { ebsOf } from "./config.js";
import { covered } from "./exclude.js";

interface InstanceSet extends StandIn {
  /** Where it is copied to. */
  readonly regions: ReadonlySet<string>;
}

const NONE: readonly StandIn[] = [];

/** Which instance sets make a single volume's own points unneeded: they have the volume, and are copied wherever its own would be. */
export function standIns({ policies, selected, effective }: Estate) {
  const byVolume = new Map<string, InstanceSet[]>();
  // Without such a policy nobody asks.
  if (policies.some((policy) => policy.kinds?.includes("volume") && ebsOf(policy).also !== true)) {
    for (const policy of policies) {
      for (const resource of selected.get(policy.name) ?? []) {
        if (resource.kind !== "instance") continue;
        const { volumes, problem } = covered(policy, resource);
        if (problem !== undefined) continue;
        const regions = new Set(effective(policy, resource.id).copy.map(({ region }) => region));
        const set = { policy: policy.name, resource: resource.id, regions };
        for (const { id } of volumes) byVolume.set(id, [...(byVolume.get(id) ?? []), set]);
      }
    }
  }
  /** None where the policy wants points of its own in any case. */
  return (policy: Policy, { id, kind }: Resource): readonly StandIn[] => {
    const sets = kind === "volume" && ebsOf(policy).also !== true ? byVolume.get(id) : undefined;
    if (sets === undefined) return NONE;
    const wanted = effective(policy, id).copy;
    return sets.filter(({ regions }) => wanted.every(({ region }) => regions.has(region)));
  };
}
