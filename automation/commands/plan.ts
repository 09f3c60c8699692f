import type { Action } from "../../core/model.js";
import { plan as decide } from "../../core/planner.js";
import type { Deps } from "../deps.js";
import { requireEnv } from "../envs.js";
import { done, type Outcome } from "../outcome.js";
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
  const data = { now: new Date(world.now).toISOString(), actions: actions.map(rowOf) };
  if (actions.length === 0) return done(data, "Nothing to do.");
  const head = ["do", "region", "resource", "point", "policy", "reason"];
  return done(
    data,
    table(
      head,
      data.actions.map((a) => Object.values(a)),
    ),
  );
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
