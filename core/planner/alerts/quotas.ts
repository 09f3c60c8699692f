import { type CompleteView, knownView } from "../../inventory/lineage.js";
import type { Told } from "../../model/kind.js";
import type { Retain } from "../../model/model.js";
import { retainIn } from "../../retention/effective-policies.js";
import { keptAtRest } from "../../retention/kept-at-rest.js";
import type { PlanContext } from "../context.js";

/** Past this share it is told: there is still time to raise a quota. */
const NEAR = 0.9;

/** What of a region's quotas is used up soon, or would be by what the policies keep. */
export function nearQuotas(context: PlanContext): Told[] {
  const { inventory, rules } = context;
  const { kind } = rules;
  const quotas = Object.entries(rules.config.quotas ?? {});
  if (quotas.length === 0) return [];
  return Object.keys(inventory.regions).flatMap((region): Told[] => {
    const view = knownView(inventory, region);
    if (view?.usage === undefined) return [];
    const { usage } = view;
    const wanted = wantedIn(context, region);
    const said = quotas.flatMap(([name, { max, of }]) => {
      const most = inventory.quotas?.[name] ?? max;
      const used = usage[name] ?? 0;
      const need = { most, used, ours: oursIn(context, view, name), wanted: wanted.get(name) ?? NONE };
      const why = whyNear(need);
      return why === undefined ? [] : [`${of}: ${why}`];
    });
    if (said.length === 0) return [];
    return [{ region, policy: "", resource: "", point: "", cause: "quota-near", reason: said.join("; "), kind }];
  });
}

/** What the policies keep of a quota's artifacts in a region. */
interface Wanted {
  readonly resources: number;
  readonly points: number;
}

const NONE: Wanted = { resources: 0, points: 0 };

interface Need {
  readonly most: number;
  readonly used: number;
  readonly ours: number;
  readonly wanted: Wanted;
}

function whyNear({ most, used, ours, wanted }: Need): string | undefined {
  const others = used - ours;
  const total = others + wanted.points;
  const isShort = wanted.points > 0 && total > most;
  if (!isShort && used <= most * NEAR) return undefined;
  const held = ours - wanted.points;
  const theirs = others === 0 ? "" : ` beside ${others} of others`;
  return [
    `${used} of ${most} are there`,
    ...(isShort ? [`the policies keep up to ${wanted.points} of ${wanted.resources} resource(s)${theirs}`] : []),
    ...(held > 0 ? [`${held} more than the policies keep are held back, by what waits or somebody's hold`] : []),
  ].join(", ");
}

function wantedIn(context: PlanContext, region: string): ReadonlyMap<string, Wanted> {
  const { inventory, rules, selected, effective } = context;
  const found = new Map<string, Wanted>();
  for (const policy of inventory.policies) {
    // Most resources go by the policy itself.
    const kept = new Map<Retain, number>();
    for (const resource of selected.get(policy.name) ?? []) {
      const name = rules.quotaOf?.(resource);
      const ruled = effective.ofSelected(policy, resource.id);
      const retain = retainIn(ruled, region, inventory.home);
      if (name === undefined || retain === undefined) continue;
      const points = kept.get(retain) ?? keptAtRest(retain, policy, inventory.now);
      kept.set(retain, points);
      const before = found.get(name) ?? NONE;
      found.set(name, { resources: before.resources + 1, points: before.points + points });
    }
  }
  return found;
}

const oursIn = ({ rules }: PlanContext, { points }: CompleteView, name: string): number =>
  points.reduce(
    (sum, { kind, artifacts }) =>
      sum + artifacts.filter(({ detail }) => rules.quotaOf?.({ kind, detail }) === name).length,
    0,
  );
