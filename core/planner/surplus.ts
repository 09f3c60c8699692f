import { heldBy, isPending, type PointState, setFor, surplusIn } from "../inventory/point-state.js";
import type { Artifact, Delete } from "../model/model.js";
import { copiesRun, idsOf, type Scope } from "./prune-scope.js";

/** Artifacts of the sets that are being copied: the rest of a copy that was begun, and is still wanted, must come from the same set. */
function begunElsewhere({ lineage, context: { lineages }, terms }: Scope, entry: PointState): ReadonlySet<string> {
  const begun = terms.copies.flatMap((region): readonly Artifact[] => {
    const { byId, completed } = lineages.pointsIn(lineage, region);
    const have = completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
    const copy = byId.get(entry.point.id);
    return copy === undefined || have >= entry.point.scheduled ? [] : setFor(entry, copy);
  });
  return new Set(begun.map((part) => part.id));
}

const base = ({ here, lineage }: Scope, entry: PointState, reason: string) => ({
  region: here.region,
  policy: lineage.policy,
  resource: lineage.resource,
  point: entry.point.id,
  kind: lineage.kind,
  reason,
});

/** Doubles and failed tries of a point that stays: they go once what they double is completed, tries also once they are old. */
export function surplusOf(
  scope: Scope,
  entry: PointState,
  still: readonly string[],
  bases: ReadonlySet<string>,
): Delete[] {
  const surplus = surplusIn(entry);
  if (surplus.length === 0 && scope.old.size === 0) return [];
  if (heldBy(entry).length > 0 || still.length > 0 || bases.has(entry.point.id)) return [];
  const { isHome, context } = scope;
  const busy = isPending(entry) || context.inFlight.destinations(entry.point.id).length > 0;
  if (isHome && (entry.status !== "completed" || busy)) return [];
  if (copiesRun(scope, entry)) return [];
  const done = new Set(entry.artifacts.filter((part) => part.state === "completed").map((part) => part.member));
  const begun = isHome ? begunElsewhere(scope, entry) : undefined;
  const doubles = surplus.filter(
    (part) =>
      part.state !== "pending" &&
      done.has(part.member) &&
      (part.state === "error" || (begun === undefined ? entry.status === "completed" : !begun.has(part.id))),
  );
  const old = isHome ? [] : entry.point.artifacts.filter((part) => scope.old.has(part.id));
  const gone = [...new Set([...doubles, ...old])];
  if (gone.length === 0) return [];
  if (doubles.length === 0) {
    return [{ do: "delete", ...base(scope, entry, "failed try: newer ones failed too"), artifacts: idsOf(gone) }];
  }
  const kind = gone.every((part) => part.state === "error") ? "failed try" : "double";
  const { artifact, artifacts } = context.rules.words;
  const others = done.size === 1 ? `another ${artifact}` : `other ${artifacts}`;
  const reason = `${kind}: ${others} of the same point ${done.size === 1 ? "is" : "are"} completed`;
  return [{ do: "delete", ...base(scope, entry, reason), artifacts: idsOf(gone) }];
}
