import type { Action } from "../../core/model.js";
import { plan as decide } from "../../core/planner.js";
import { seeding } from "../../core/seeding.js";
import type { Deps } from "../deps.js";
import { requireEnv } from "../envs.js";
import { done, type Outcome } from "../outcome.js";
import { seedingText } from "../seeding-text.js";
import { table } from "../tables.js";
import { variablesOf } from "../target.js";

export interface PlanArgs {
  readonly env: string;
  /** Also what is kept, and why. */
  readonly all: boolean;
}

/** What the controllers would do now, by the same survey and the same planner. Changes nothing. */
export async function plan(args: PlanArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const world = await estate.world();
  const actions = decide(world).filter((a) => args.all || a.do !== "keep");
  const first = seeding(world);
  const data = { now: new Date(world.now).toISOString(), actions: actions.map(rowOf), seeding: first ?? null };
  const head = ["do", "region", "resource", "point", "policy", "reason"];
  const rows = data.actions.map((a) => Object.values(a));
  const text = rows.length === 0 ? "Nothing to do." : table(head, rows);
  return done(data, first === undefined ? text : `${text}\n${seedingText(first)}`);
}

/** The shape that scripts rely on; a copy or delete of several snapshots of one point stays several rows. */
const rowOf = (a: Action) => ({
  do: a.do,
  region: a.region,
  resource: a.resource,
  point: a.point,
  policy: a.policy,
  reason: a.reason,
});
