import type { Found, MetCause } from "../../core/model/causes.js";
import { kindWith, type RulesTable } from "../../core/model/kind.js";
import type { Inventory } from "../../core/model/model.js";
import type { Verb } from "../../core/names/names.js";
import type { Result } from "../execute/result.js";
import type { FoundStray, SurveyFile } from "../store/survey-file.js";

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
export function metTroubles(verb: Verb, results: readonly Result[], isLate: IsLate, rules: RulesTable): Found[] {
  return results.flatMap((result): Found[] => {
    const { outcome, region, policy, resource, point, code, cause = "no cause was given", lasting = false } = result;
    const reason = code === undefined ? cause : `${code}: ${cause}`;
    const kind = kindWith(rules, result.kind);
    const of = kind === undefined ? {} : { kind };
    const refused: Found = { cause: refusedBy(verb), region, policy, resource, point, reason, ...of };
    // Of what AWS never does the next plan tells, at home.
    if (outcome === "failed") return lasting ? [] : [refused];
    if (outcome === "later" && code !== undefined && !lasting && isLate(result))
      return [{ ...refused, case: "put-off" }];
    if (!lasting) return [];
    return [{ cause: "quota-reached", region, policy: "", resource: "", point: "", reason, ...of }];
  });
}

/** Said once while it lasts: whoever forgets it has no backups. */
export function planOnlyTroubles(inventories: readonly Inventory[], region: string): Found[] {
  if (!inventories.some(({ mode }) => mode === "plan")) return [];
  const reason = "lockstep:mode is plan: what is planned here is neither made, nor copied, nor deleted";
  return [{ cause: "only-plans", region, policy: "", resource: "", point: "", reason }];
}

/** What others made of a kind, their policy wants and could not have. */
export const takeInTroubles = (refused: Readonly<Record<string, string>>, region: string): Found[] =>
  Object.entries(refused).map(([kind, reason]): Found => {
    return { cause: "adopt-refused", region, policy: "", resource: "", point: "", reason, kind };
  });

/** Points of kinds that the stack does not look after any more. A run that read some kinds cannot say which those are. */
export function goneTroubles(
  points: Readonly<Record<string, number>>,
  { kinds, isAll }: Pick<SurveyFile, "kinds" | "isAll">,
  region: string,
  rules: RulesTable,
): Found[] {
  if (!isAll) return [];
  const gone = Object.entries(points).filter(([kind, count]) => count > 0 && !kinds.includes(kind));
  return gone.map(([kind, count]): Found => {
    const what = rules[kind]?.words.service ?? kind;
    const reason = `${count} point(s) of ${what} were in ${region} when it was last looked for them, and neither a policy nor lockstep:alsoKinds names ${kind} any more`;
    return { cause: "kind-gone", region, policy: "", resource: "", point: "", reason, kind };
  });
}

/** One alert for all strays of a kind in the region. */
export function strayTroubles(strays: readonly FoundStray[], region: string): Found[] {
  const here = strays.filter((stray) => stray.region === region);
  return [...Map.groupBy(here, ({ kind }) => kind)].map(([kind, of]) => strayTrouble(kind, of, region));
}

function strayTrouble(kind: string, here: readonly FoundStray[], region: string): Found {
  const named = here.slice(0, 10).map(({ artifact, problem }) => `${artifact} (${problem})`);
  const more = here.length > named.length ? ` and ${here.length - named.length} more` : "";
  const reason = `${named.join(", ")}${more}`;
  return { cause: "stray-artifact", region, policy: "", resource: "", point: "", reason, kind };
}
