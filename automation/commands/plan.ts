import type { Action } from "../../core/model/model.js";
import { TAG } from "../../core/names/tags.js";
import { plan as decide } from "../../core/planner/planner.js";
import { seeding } from "../../core/report/seeding.js";
import { done, messageOf, type Outcome } from "../cli/outcome.js";
import { table } from "../cli/tables.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { seedingText } from "../estate/seeding-text.js";
import { variablesOf } from "../estate/target.js";

export interface PlanArgs {
  readonly env: string;
  /** Also what is kept, and why. */
  readonly all: boolean;
}

/** The shape that scripts rely on. */
interface Row {
  readonly do: string;
  readonly region: string;
  readonly resource: string;
  readonly point: string;
  readonly policy: string;
  readonly reason: string;
}

/** What the controllers would do now, by the same survey and the same planner. Changes nothing. */
export async function plan(args: PlanArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const world = await estate.world();
  const actions = decide(world).filter((a) => args.all || a.do !== "keep");
  const first = seeding(world);
  const rows = [...(await takingInRows(world.home, estate)), ...actions.map(rowOf)];
  const data = { now: new Date(world.now).toISOString(), actions: rows, seeding: first ?? null };
  const head = ["do", "region", "resource", "point", "policy", "reason"];
  const text = rows.length === 0 ? "Nothing to do." : table(head, rows.map(Object.values));
  return done(data, first === undefined ? text : `${text}\n${seedingText(first)}`);
}

/** What comes first in a run: what it makes points of is decided about in the plan after it. */
async function takingInRows(region: string, estate: Estate): Promise<Row[]> {
  const told = (reason: string) => ({ do: "alert", region, resource: "", point: "", policy: "", reason });
  try {
    const { taken, refused } = await estate.takingIn();
    const rows = taken.map(({ snapshot, tags, managedBy = "somebody else", watched: { policy, volume } }) => {
      const reason = `${managedBy} made ${snapshot}`;
      return { do: "take-in", region, resource: volume.id, point: tags[TAG.point] ?? "", policy: policy.name, reason };
    });
    return [...rows, ...refused.map(({ snapshot, why }) => told(`${snapshot} cannot be taken in: ${why}`))];
  } catch (error) {
    return [told(`what others made was not read: ${messageOf(error)}`)];
  }
}

/** A copy or delete of several snapshots of one point stays several rows. */
const rowOf = (a: Action): Row => ({
  do: a.do,
  region: a.region,
  resource: a.resource,
  point: a.point,
  policy: a.policy,
  reason: a.reason,
});
