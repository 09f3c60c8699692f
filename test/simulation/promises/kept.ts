import type { Policy, Retain } from "../../../core/model/model.js";
import type { Run } from "../world/snap.js";
import { isRetained, ruleFor } from "./retention.js";
import type { Rules } from "./rules.js";
import type { TrueLineage, TruePoint } from "./truth.js";

/** Whoever does not know the policy knows nothing of the tags that override it either, but what points tell. */
type Knowing = Pick<Run, "policies">;

const isLost = ({ policy }: TrueLineage, run: Knowing | undefined): boolean => run?.policies.has(policy) === false;

/** Whether new points of it come, as far as a run knows. */
export const growsFor = (rules: Rules, lineage: TrueLineage, run?: Knowing): boolean =>
  rules.grows(lineage) && !isLost(lineage, run);

/**
 * The rules that may decide about the points of a region: the policy's while it makes new ones, after that what the points were made
 * under. Undefined where nobody can tell, because that changed while one was made.
 */
export function rulesIn(
  rules: Rules,
  lineage: TrueLineage,
  region: string,
  run?: Knowing,
): readonly Retain[] | undefined {
  const policy = isLost(lineage, run) ? undefined : rules.of(lineage);
  const own = policy && ruleFor(policy, lineage.home, region);
  if (own !== undefined && rules.grows(lineage)) return [own];
  const found = new Map<string, Retain>(own === undefined ? [] : [[JSON.stringify(own), own]]);
  for (const { snaps } of lineage.points(region)) {
    for (const { under } of snaps) {
      if (under?.retain === undefined) return undefined;
      found.set(JSON.stringify(under.retain), under.retain);
    }
  }
  return [...found.values()];
}

/** The regions that must have a copy before a point at home may go; of what gets no new points, only those that it is sure of. */
export function copiesOf(rules: Rules, lineage: TrueLineage, run?: Knowing): readonly string[] {
  const regions = rules.of(lineage)?.copy.map(({ region }) => region) ?? [];
  if (growsFor(rules, lineage, run)) return regions;
  const [newest] = lineage.whole(lineage.home);
  const [snap] = newest?.snaps ?? [];
  return regions.filter((region) => snap?.under?.copies.includes(region));
}

/** Points that a run deleted of one lineage in one region. */
interface Deleted {
  /** Restorable points before the first of them, which is not the oldest where several calls are on their way. */
  readonly before: readonly TruePoint[];
  readonly foreseen: Set<string>;
  readonly unforeseen: Set<string>;
}

/** Fewer than these no slip explains. */
const FLOOR = 3;

/** Counts what each run deletes that the rule of its making would keep, and nobody approved: never more than half, from three on. */
export class Slips {
  readonly #rules: Rules;
  readonly #runs = new WeakMap<Run, Map<string, Deleted>>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** @returns how much too much it is, with this point */
  note(run: Run, { lineage, point, policy }: Gone): string | undefined {
    const of = this.#runs.get(run) ?? new Map<string, Deleted>();
    this.#runs.set(run, of);
    const key = `${point.region} ${lineage.policy} ${lineage.resource}`;
    const deleted = of.get(key) ?? {
      before: lineage.whole(point.region).map((one) => ({ ...one, snaps: new Set(one.snaps) })),
      foreseen: new Set(),
      unforeseen: new Set(),
    };
    of.set(key, deleted);
    const [snap] = point.snaps;
    const own = ruleFor(policy, lineage.home, point.region);
    const isOwn = growsFor(this.#rules, lineage, run) && JSON.stringify(own) === JSON.stringify(snap?.under?.retain);
    const isForeseen =
      snap?.under?.retain === undefined || isOwn || !isRetained(snap.under.retain, policy, deleted.before, point);
    (isForeseen ? deleted.foreseen : deleted.unforeseen).add(point.mark.point);
    const most = deleted.before.length - deleted.foreseen.size;
    const count = deleted.unforeseen.size;
    if (count < FLOOR || count * 2 <= most) return undefined;
    return `it is number ${count} of ${most} at once that the rule of their making keeps, and nobody approved it`;
  }
}

interface Gone {
  readonly lineage: TrueLineage;
  readonly point: TruePoint;
  readonly policy: Policy;
}
