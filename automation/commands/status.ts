import { plan } from "../../core/planner.js";
import { status as describe, type Status } from "../../core/status.js";
import type { Deps } from "../deps.js";
import { requireEnv } from "../envs.js";
import { done, type Outcome } from "../outcome.js";
import { duration, table } from "../tables.js";
import { variablesOf } from "../target.js";
import { unconfirmedIn } from "./alarm.js";
import { ONLY_PLANS } from "./run.js";

/** Each resource with its recovery points in each region, and what is wrong. */
export async function status(args: { readonly env: string }, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const world = await estate.world();
  const unconfirmed = await unconfirmedIn(record, estate);
  const data = { ...describe(world, plan(world)), unconfirmed };
  const text = [...unconfirmed, statusText(data)].join("\n");
  if (world.mode !== "plan") return done(data, text);
  return done({ ...data, mode: world.mode }, `${ONLY_PLANS}\n${text}`);
}

/** The table that people read. */
export function statusText({ regions, resources }: Status): string {
  if (resources.length === 0) return "No policy selects a resource.";
  const head = ["resource", "policy", ...regions.flatMap((r) => [r, "RPO"]), "problems"];
  const rows = resources.map((r) => [
    r.name === r.id ? r.id : `${r.name} (${r.id})`,
    r.policy,
    ...regions.flatMap((region) => {
      const points = r.points[region];
      return points ? [countText(points), points.rpoSeconds === null ? "-" : duration(points.rpoSeconds)] : ["-", "-"];
    }),
    r.problems.join("\n") || "none",
  ]);
  return table(head, rows);
}

const countText = (p: { readonly completed: number; readonly pending: number; readonly failed: number }): string =>
  [`${p.completed} completed`, p.pending > 0 ? `${p.pending} pending` : "", p.failed > 0 ? `${p.failed} failed` : ""]
    .filter((s) => s !== "")
    .join(", ");
