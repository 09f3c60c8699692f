import { kindWith, rulesOf } from "../../core/model/kind.js";
import type { Create, Inventory } from "../../core/model/model.js";
import { contextOf } from "../../core/planner/context.js";
import { planAll } from "../../core/planner/planner.js";
import { RULES } from "../../kinds/rules.js";
import { CommandProblem, done, failed, type Outcome } from "../cli/outcome.js";
import { allOf } from "../cli/progress.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps, RunOrder } from "../estate/deps.js";
import { settle, type Wanted } from "../estate/settling.js";
import { variablesOf } from "../estate/target.js";
import { isAbout, type Worlds } from "../estate/worlds.js";
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
  const worlds = await estate.worlds();
  if (worlds[0].mode === "plan") throw new CommandProblem("refused", ONLY_PLANS);
  const asked = wantedBy(order, worlds);
  const waiting = waitingIn(worlds);
  if (args.yes) await approveAll(waiting, worlds, estate);
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
export function wantedBy(order: RunOrder, worlds: Worlds): Wanted[] {
  const [{ home, now: at, policies }] = worlds;
  const known = policies.map((p) => p.name);
  if (order.policy !== undefined && !known.includes(order.policy))
    throw new CommandProblem(
      "usage",
      `--policy ${order.policy}: there is no such policy; there are ${known.join(", ")}.`,
    );
  const asked = policies.filter(({ name }) => order.policy === undefined || name === order.policy);
  const bare = worlds.flatMap((inventory): Inventory[] => {
    if (!asked.some((policy) => isAbout(inventory, policy))) return [];
    const view = inventory.regions[home];
    if (!view?.complete)
      throw new CommandProblem("failed", `${home} could not be read: ${view?.reason ?? "it was not surveyed"}.`);
    return [{ ...inventory, regions: { [home]: { ...view, points: [] } }, requests: [{ ...order, at }] }];
  });
  const creates = planAll(bare, RULES).filter((a): a is Create => a.do === "create" && a.scheduled === at);
  for (const id of order.resources ?? []) {
    if (!creates.some((c) => c.resource === id))
      throw new CommandProblem("usage", `--resource ${id}: no policy that was asked for selects it in ${home}.`);
  }
  if (creates.length === 0)
    throw new CommandProblem("failed", "No policy selects a resource: there is nothing to back up.");
  const effective = new Map(worlds.map((inventory) => [inventory.kind, effectiveIn(inventory)]));
  /** By its policy and its own tags, as far as copies of it can be made. */
  const regionsOf = ({ kind, resource, policy }: Create): string[] => {
    const ruled = effective.get(kindWith(RULES, kind) ?? "")?.policyOf({ policy, resource });
    return [home, ...(ruled?.copy.map(({ region }) => region) ?? [])];
  };
  return creates.map((create) => ({
    resource: create.resource,
    policy: create.policy,
    regions: [...new Set(regionsOf(create))],
  }));
}

const effectiveIn = (inventory: Inventory) => contextOf(inventory, rulesOf(RULES, inventory.kind)).effective;
