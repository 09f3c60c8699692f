import type { Action, Create, Point, World } from "../../core/model.js";
import { plan } from "../../core/planner.js";
import type { Deps, Estate, RunOrder } from "../deps.js";
import { requireEnv } from "../envs.js";
import { CommandProblem, done, failed, type Outcome } from "../outcome.js";
import { completedParts, isWhole } from "../points.js";
import { allOf } from "../progress.js";
import { variablesOf } from "../target.js";

export interface RunArgs {
  readonly env: string;
  readonly policy?: string;
  readonly resources: readonly string[];
  /** Until each point is complete in all its regions and the controllers are idle. */
  readonly wait: boolean;
  readonly timeoutMs: number;
}

/** Said wherever somebody might expect recovery points. */
export const ONLY_PLANS =
  "The stacks only plan: lockstep:mode is plan. Nothing is made, copied or deleted until it is act and `lockstep up` was run.";

/** What is asked for: a point of the resource in each of these regions. */
export interface Wanted {
  readonly resource: string;
  readonly policy: string;
  readonly regions: readonly string[];
}

/** What was asked for, and since when by the controller's clock. */
type Awaited = Wanted & { readonly since: number };

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
  const since = await estate.trigger(order);
  const wanted = asked.map((one) => ({ ...one, since }));
  const data = { at: new Date(since).toISOString(), wanted: asked };
  const said = `Asked for ${wanted.length} recovery point(s).`;
  if (!args.wait) return done(data, `${said} \`lockstep status\` shows how far they are.`);
  const [reasons = []] = allOf(
    await deps.progress.together([
      { title: "recovery points", run: (say) => settle(wanted, estate, args.timeoutMs, deps, say) },
    ]),
  );
  if (reasons.length > 0) return failed({ ...data, reasons }, reasons.join("\n"));
  return done({ ...data, reasons }, `${wanted.length} recovery point(s) complete in all their regions.`);
}

/**
 * The planner itself says which points the order means. Not by the points that are there: their times are by the controller's
 * clock, and ours may be behind it.
 */
export function wantedBy(order: RunOrder, world: World): Wanted[] {
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
  const creates = plan(bare).filter((a): a is Create => a.do === "create" && a.scheduled === at);
  for (const id of order.resources ?? []) {
    if (!creates.some((c) => c.resource === id))
      throw new CommandProblem("usage", `--resource ${id}: no policy that was asked for selects it in ${world.home}.`);
  }
  if (creates.length === 0)
    throw new CommandProblem("failed", "No policy selects a resource: there is nothing to back up.");
  return creates.map(({ resource, policy }) => {
    const rule = world.policies.find((p) => p.name === policy);
    return { resource, policy, regions: [world.home, ...(rule?.copy.map((c) => c.region) ?? [])] };
  });
}

/** Waits until all is as ordered. Returns why not, when the time is up. */
async function settle(
  wanted: readonly Awaited[],
  estate: Estate,
  timeoutMs: number,
  deps: Deps,
  say: (line: string) => void,
): Promise<string[]> {
  const deadline = deps.now() + timeoutMs;
  let last = "";
  for (;;) {
    deps.interruption.signal.throwIfAborted();
    // First who works, then what is there: what is complete after the last hand came to rest stays so.
    const busy = await estate.busy();
    const world = await estate.world();
    const missing = wanted.flatMap((w) => missingIn(world, w));
    const open = plan(world)
      .filter(isOpen)
      .map((a) => `${a.region}: ${a.do} of ${a.point} is still to be done: ${a.reason}`);
    const running = busy.map((name) => `${name} is still running`);
    const reasons = [...missing, ...open, ...running];
    if (reasons.length === 0) return [];
    if (deps.now() >= deadline) return reasons;
    const total = wanted.reduce((n, w) => n + w.regions.length, 0);
    const line = `${total - missing.length} of ${total} complete, ${open.length} action(s) to do, ${running.length} running`;
    if (line !== last) say(line);
    last = line;
    await deps.sleep(1_000);
  }
}

/** Creates follow their schedule; a copy or delete that is planned must be done before the controllers may rest. */
const isOpen = (a: Action): boolean => a.do === "copy" || a.do === "delete";

/** A point that failed is tried again by the planner, with a later time: that one counts as well. */
function missingIn(world: World, { resource, policy, since, regions }: Awaited): string[] {
  return regions.flatMap((region) => {
    const view = world.regions[region];
    if (!view?.complete) return [`${region} could not be read: ${view?.reason ?? "it was not surveyed"}`];
    const points = view.points.filter((p) => p.policy === policy && p.resource === resource && p.scheduled >= since);
    if (points.some(isWhole)) return [];
    if (points.length === 0) return [`${region}: there is no point of ${resource} by ${policy}`];
    return points.map((p) => `${region}: ${p.id} of ${resource} ${stateOf(p)}`);
  });
}

function stateOf(p: Point): string {
  const failures = p.parts.flatMap((part) => (part.state === "error" ? [part.cause ?? "EBS gave no cause"] : []));
  if (failures.length > 0) return `failed: ${failures.join("; ")}`;
  return `has ${completedParts(p)} of ${p.size} snapshots complete`;
}
