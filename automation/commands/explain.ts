import { rulesOf } from "../../core/model/kind.js";
import { planAll } from "../../core/planner/planner.js";
import { type Explanation, explain as explained, unknownRegions } from "../../core/report/explain.js";
import { RULES } from "../../kinds/rules.js";
import { done, failed, type Outcome } from "../cli/outcome.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";

export interface ExplainArgs {
  readonly env: string;
  /** Id of a point, or of one of its artifacts. */
  readonly point: string;
}

/** Why a point stays, goes or is copied: the planner's own reasons, from the worlds as it is now. */
export async function explain({ env, point }: ExplainArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const worlds = await estate.worlds();
  const found = explained(worlds, planAll(worlds, RULES), point);
  if (found) return done(found, explanationText(found));
  const unknown = unknownRegions(worlds);
  const parts = [...new Set(worlds.map(({ kind }) => rulesOf(RULES, kind).words.artifact))].join(" or ");
  const advice =
    "What was decided about points that are gone is in the ledgers' buckets: runs/<run>/decisions.jsonl (`lockstep outputs`).";
  const lines = [`There is no point ${point}, and none has such a ${parts}.`, ...unknownLines(unknown), advice];
  return failed({ point, unknown }, lines.join("\n"));
}

const unknownLines = (unknown: Explanation["unknown"]): string[] =>
  Object.entries(unknown).map(([region, why]) => `${region} could not be read: ${why}. Nothing is known of it there.`);

function explanationText({ point, policy, resource, places, unknown }: Explanation): string {
  const lines = places.flatMap(({ region, state, start, artifacts, decisions }) => [
    `${region}: ${state}${start === null ? "" : `, data of ${start}`}`,
    ...artifacts.map(({ id, member, state: of }) => `  ${id} of ${member}: ${of}`),
    ...decisions.map(({ do: verb, reason }) => `  ${verb}: ${reason}`),
  ]);
  return [`${point} of ${resource} by policy ${policy}`, ...lines, ...unknownLines(unknown)].join("\n");
}
