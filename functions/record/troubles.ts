import type { Found, MetCause } from "../../core/model/causes.js";
import type { Inventory } from "../../core/model/model.js";
import type { Verb } from "../../core/names/names.js";
import type { Result } from "../execute/result.js";
import type { FoundStray } from "../store/survey-file.js";

export const refusedBy = (verb: Verb): MetCause => `${verb}-refused`;

/** Whether the points of a resource are late in a region. */
type IsLate = (of: Pick<Result, "region" | "policy" | "resource">) => boolean;

/** By what the plan found. */
export function lateIn(troubles: readonly Found[]): IsLate {
  const key = ({ region, policy, resource }: Parameters<IsLate>[0]) => JSON.stringify([region, policy, resource]);
  const late = new Set(troubles.filter(({ cause }) => cause === "point-overdue").map(key));
  return (of) => late.has(key(of));
}

/** What went wrong while the plan was carried out. That AWS has something wait is none, until a point is late for it. */
export function metTroubles(verb: Verb, results: readonly Result[], isLate: IsLate): Found[] {
  return results.flatMap((result): Found[] => {
    const { outcome, region, policy, resource, point, code, cause = "no cause was given", lasting = false } = result;
    const reason = code === undefined ? cause : `${code}: ${cause}`;
    const refused: Found = { cause: refusedBy(verb), region, policy, resource, point, reason };
    if (outcome === "failed") return [refused];
    if (outcome === "later" && code !== undefined && !lasting && isLate(result))
      return [{ ...refused, case: "put-off" }];
    if (!lasting) return [];
    return [{ cause: "quota-reached", region, policy: "", resource: "", point: "", reason }];
  });
}

/** Said once while it lasts: whoever forgets it has no backups. */
export function planOnlyTroubles(inventories: readonly Inventory[], region: string): Found[] {
  if (!inventories.some(({ mode }) => mode === "plan")) return [];
  const reason = "lockstep:mode is plan: what is planned here is neither made, nor copied, nor deleted";
  return [{ cause: "only-plans", region, policy: "", resource: "", point: "", reason }];
}

/** Snapshots of others that their policy wants and could not have. */
export const takeInTroubles = (refused: string, region: string): Found[] =>
  refused === "" ? [] : [{ cause: "adopt-refused", region, policy: "", resource: "", point: "", reason: refused }];

/** One alert for all strays of the region. */
export function strayTroubles(strays: readonly FoundStray[], region: string): Found[] {
  const here = strays.filter((stray) => stray.region === region);
  if (here.length === 0) return [];
  const named = here.slice(0, 10).map(({ artifact, problem }) => `${artifact} (${problem})`);
  const more = here.length > named.length ? ` and ${here.length - named.length} more` : "";
  const reason = `${named.join(", ")}${more}`;
  return [{ cause: "stray-snapshot", region, policy: "", resource: "", point: "", reason }];
}
