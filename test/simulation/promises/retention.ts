import type { Policy, Retain } from "../../../core/model.js";
import { startOf, type TruePoint } from "./truth.js";

/** The rule for a region, or nothing where the policy has none. */
export const ruleFor = (policy: Policy, home: string, region: string): Retain | undefined =>
  region === home ? policy.retain : policy.copy.find((copy) => copy.region === region)?.retain;

/**
 * Whether a rule keeps a point: what docs/configuration.md says, written once more and without core/. `whole` are the restorable points
 * of the region, newest first; the point itself need not be one of them.
 */
export function isRetained(rule: Retain, whole: readonly TruePoint[], point: TruePoint): boolean {
  const [newest] = whole;
  if (newest === undefined) return true;
  const newer = whole.filter(({ mark }) => mark.scheduled > point.mark.scheduled).length;
  if (newer < Math.max(1, rule.count ?? 0)) return true;
  return rule.ageMs !== undefined && startOf(point) >= startOf(newest) - rule.ageMs;
}
