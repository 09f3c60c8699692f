import type { Problem } from "../../core/report/problems.js";
import type { Status } from "../../core/report/status.js";
import { done, failed, type Outcome } from "../cli/outcome.js";
import { duration, plain, table } from "../cli/tables.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";
import { lookAtAll } from "../estate/watch.js";
import { unheardIn } from "./alarm.js";
import { ONLY_PLANS } from "./run.js";

/** Everything that is wrong, then each resource with its recovery points in each region. */
export async function status(args: { readonly env: string }, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const { mode, ...seen } = await lookAtAll(estate);
  const unconfirmed = await unheardIn(record, estate);
  const data = { ...seen, unconfirmed, ...(mode === "plan" && { mode }) };
  const text = [...(mode === "plan" ? [ONLY_PLANS] : []), ...unconfirmed, statusText(data)].join("\n");
  return seen.problems.length + unconfirmed.length > 0 ? failed(data, text) : done(data, text);
}

/** What people read: what is wrong first. */
export const statusText = (seen: Status): string => `${problemsText(seen.problems)}\n${resourcesText(seen)}`;

/** By cause, with what to do about it once. */
function problemsText(problems: readonly Problem[]): string {
  if (problems.length === 0) return "No problems.";
  const alike = Map.groupBy(problems, ({ cause, advice }) => JSON.stringify([cause, advice]));
  const text = [...alike.values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [...some.map(problemText), `  What to do: ${first.advice}`];
  });
  return plain([`${countText(problems.length)}:`, ...text].join("\n"));
}

export const countText = (problems: number): string => `${problems} problem${problems === 1 ? "" : "s"}`;

function problemText({ cause, region, policy, resource, point, reason, since }: Problem): string {
  const about = [resource, policy, region, point].filter((part) => part !== "").join(" ");
  return `${cause}: ${about}${since === null ? "" : `, since ${since}`}: ${reason}`;
}

function resourcesText({ regions, resources }: Status): string {
  if (resources.length === 0) return "No policy selects a resource.";
  const head = ["resource", "policy", ...regions.flatMap((r) => [r, "RPO"]), "problems"];
  const rows = resources.map((r) => [
    r.name === r.id ? r.id : `${r.name} (${r.id})`,
    r.policy,
    ...regions.flatMap((region) => {
      const points = r.points[region];
      return points ? [pointsText(points), points.rpoSeconds === null ? "-" : duration(points.rpoSeconds)] : ["-", "-"];
    }),
    r.problems.length === 0 ? "none" : `${r.problems.length}, above`,
  ]);
  return table(head, rows);
}

const pointsText = (p: { readonly completed: number; readonly pending: number; readonly failed: number }): string =>
  [`${p.completed} completed`, p.pending > 0 ? `${p.pending} pending` : "", p.failed > 0 ? `${p.failed} failed` : ""]
    .filter((s) => s !== "")
    .join(", ");
