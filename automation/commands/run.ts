import type { Create, Inventory } from "../../core/model/model.js";
import { planAll } from "../../core/planner/planner.js";
import { overridden } from "../../core/selection/overrides.js";
import { RULES } from "../../kinds/rules.js";
import { CommandProblem, done, failed, type Outcome } from "../cli/outcome.js";
import { allOf } from "../cli/progress.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps, RunOrder } from "../estate/deps.js";
import { settle, type Wanted } from "../estate/settling.js";
import { variablesOf } from "../estate/target.js";
import { approveAll, type Waiting, waitingIn } from "./approve.js";

export interface RunArgs {
  readonly env: string;
  readonly policy?: string;
  readonly resources: readonly string[];
  /** Until each point is complete in all its regions and the controllers are idle. */
  readonly wait: boolean;
  /** Also approves what is held back now. */
  readonly yes: boolean;
  readonly timeoutMs: number;
}

/** Said wherever somebody might expect recovery points. */
export const ONLY_PLANS =
  "The stacks only plan: lockstep:mode is plan. Nothing is made, copied or deleted until it is act and `lockstep up` was run.";

/** Asks the primary's controller for points now. */
export async function run(args: RunArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const order: RunOrder = {
    ...(args.policy === undefined ? {} : { policy: args.policy }),
    ...(args.resources.length === 0 ? {} : { resources: args.resources }),
  };
  const world = await estate.world();
  if (world.mode === "plan") throw new CommandProblem("refused", ONLY_PLANS);
  const asked = wantedBy(order, world);
  const waiting = waitingIn(world);
  if (args.yes) await approveAll(waiting, world, estate);
  const since = await estate.trigger(order);
  const wanted = asked.map((one) => ({ ...one, since }));
  const data = { at: new Date(since).toISOString(), wanted: asked };
  const said = `Asked for ${wanted.length} recovery point(s).${formatWaiting(waiting, args.yes)}`;
  if (!args.wait) return done(data, `${said} \`lockstep status\` shows how far they are.`);
  const [reasons = []] = allOf(
    await deps.progress.together([
      { title: "recovery points", run: (say) => settle({ wanted, timeoutMs: args.timeoutMs }, estate, deps, say) },
    ]),
  );
  if (reasons.length > 0) return failed({ ...data, reasons }, reasons.join("\n"));
  return done({ ...data, reasons }, `${wanted.length} recovery point(s) complete in all their regions.`);
}

function formatWaiting(waiting: readonly Waiting[], approved: boolean): string {
  if (waiting.length === 0) return "";
  const count = waiting.reduce((sum, { holds }) => sum + holds.length, 0);
  const which = waiting.map(({ name }) => name).join(", ");
  return approved
    ? ` Approved: ${count} recovery point(s) are deleted (${which}).`
    : ` ${count} recovery point(s) wait for approval before they are deleted: ${which}.`;
}

/**
 * The planner itself says which points the order means. Not by the points that are there: their times are by the controller's
 * clock, and ours may be behind it.
 */
export function wantedBy(order: RunOrder, world: Inventory): Wanted[] {
  const known = world.policies.map((p) => p.name);
  if (order.policy !== undefined && !known.includes(order.policy))
    throw new CommandProblem(
      "usage",
      `--policy ${order.policy}: there is no such policy; there are ${known.join(", ")}.`,
    );
  const home = world.regions[world.home];
  if (!home?.complete)
    throw new CommandProblem("failed", `${world.home} could not be read: ${home?.reason ?? "it was not surveyed"}.`);
  const at = world.now;
  const bare = { ...world, regions: { [world.home]: { ...home, points: [] } }, requests: [{ ...order, at }] };
  const creates = planAll([bare], RULES).filter((a): a is Create => a.do === "create" && a.scheduled === at);
  for (const id of order.resources ?? []) {
    if (!creates.some((c) => c.resource === id))
      throw new CommandProblem("usage", `--resource ${id}: no policy that was asked for selects it in ${world.home}.`);
  }
  if (creates.length === 0)
    throw new CommandProblem("failed", "No policy selects a resource: there is nothing to back up.");
  return creates.map(({ resource, policy }) => ({ resource, policy, regions: regionsOf(world, resource, policy) }));
}

/** Where the points of a resource belong, by its policy and its own tags. */
function regionsOf(world: Inventory, resource: string, policy: string): string[] {
  const rule = world.policies.find(({ name }) => name === policy);
  const found = world.resources.find(({ id }) => id === resource);
  const ruled = rule && found ? overridden(rule, found, world).policy : rule;
  return [world.home, ...(ruled?.copy.map(({ region }) => region) ?? [])];
}
