import { livingIn } from "../../core/inventory/lineage.js";
import { type KindWords, rulesOf } from "../../core/model/kind.js";
import type { Action, Inventory, Point } from "../../core/model/model.js";
import { planAll } from "../../core/planner/planner.js";
import { RULES } from "../../kinds/rules.js";
import type { Say } from "../cli/progress.js";
import type { Deps, Estate } from "./deps.js";
import { completedParts, isWhole } from "./points.js";

/** A point that is waited for: of the resource, by the policy, in each of these regions. */
export interface Wanted {
  readonly resource: string;
  readonly policy: string;
  readonly regions: readonly string[];
}

/** Since when, by the controller's clock, a point counts as the one that is waited for. */
export type Awaited = Wanted & { readonly since: number };

const SURVEY_EVERY_MS = 1_000;

export interface Settling {
  readonly wanted: readonly Awaited[];
  readonly timeoutMs: number;
  /** Between two looks. @default 1000 */
  readonly everyMs?: number;
  /** Whether the points and controllers at rest are enough, though copies or deletes are still to be done. @default false */
  readonly evenIfOpen?: boolean;
  /** Told what each look saw. */
  readonly onLook?: (worlds: readonly Inventory[]) => void;
}

/** Waits until the points are whole, the controllers rest and nothing is left to do. Returns why not, when the time is up. */
export async function settle(
  { wanted, timeoutMs, everyMs = 1_000, evenIfOpen = false, onLook }: Settling,
  estate: Pick<Estate, "busy" | "worlds">,
  deps: Pick<Deps, "now" | "sleep" | "interruption">,
  say: Say,
): Promise<string[]> {
  const deadline = deps.now() + timeoutMs;
  const total = wanted.reduce((n, w) => n + w.regions.length, 0);
  let last = "";
  let worlds: readonly Inventory[] | undefined;
  let seenAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    deps.interruption.signal.throwIfAborted();
    // First who works, then what is there: what is complete after the last hand came to rest stays so.
    const busy = await estate.busy();
    // While somebody works it is not the last look, and a survey takes many calls.
    if (worlds === undefined || busy.length === 0 || deps.now() - seenAt >= SURVEY_EVERY_MS) {
      seenAt = deps.now();
      worlds = await estate.worlds();
      onLook?.(worlds);
    }
    const { missing, open } = lackingIn(worlds, wanted, evenIfOpen);
    const running = busy.map((name) => `${name} is still running`);
    const reasons = [...missing, ...open, ...running];
    if (reasons.length === 0) return [];
    if (deps.now() >= deadline) return reasons;
    const line = `${total - missing.length} of ${total} complete, ${open.length} action(s) to do, ${running.length} running`;
    if (line !== last) say(line);
    last = line;
    await deps.sleep(everyMs);
  }
}

function lackingIn(worlds: readonly Inventory[], wanted: readonly Awaited[], evenIfOpen: boolean) {
  const say = (a: Action) => `${a.region}: ${a.do} of ${a.point} is still to be done: ${a.reason}`;
  return {
    missing: wanted.flatMap((w) => worldsOf(worlds, w).flatMap((world) => missingIn(world, w))),
    open: evenIfOpen ? [] : openIn(worlds).map(say),
  };
}

/** Creates follow their schedule; a copy or delete that is planned must be done before the controllers may rest. */
export const openIn = (worlds: readonly Inventory[]): Action[] =>
  planAll(worlds, RULES).filter((a) => a.do === "copy" || a.do === "delete");

/** What was seen of the resource's kind; of all kinds where nobody sees the resource. */
function worldsOf(worlds: readonly Inventory[], { resource }: Wanted): readonly Inventory[] {
  const found = worlds.filter((world) => livingIn(world)?.some(({ id }) => id === resource));
  return found.length > 0 ? found : worlds;
}

/** A point that failed is tried again by the planner, with a later time: that one counts as well. */
function missingIn(world: Inventory, { resource, policy, since, regions }: Awaited): string[] {
  const { words } = rulesOf(RULES, world.kind);
  return regions.flatMap((region) => {
    const view = world.regions[region];
    if (!view?.complete) return [`${region} could not be read: ${view?.reason ?? "it was not surveyed"}`];
    const points = view.points.filter((p) => p.policy === policy && p.resource === resource && p.scheduled >= since);
    if (points.some(isWhole)) return [];
    if (points.length === 0) return [`${region}: there is no point of ${resource} by ${policy}`];
    return points.map((p) => `${region}: ${p.id} of ${resource} ${stateOf(p, words)}`);
  });
}

function stateOf(p: Point, { service, artifacts }: KindWords): string {
  const failures = p.artifacts.flatMap(({ state, cause }) =>
    state === "error" ? [cause ?? `${service} gave no cause`] : [],
  );
  if (failures.length > 0) return `failed: ${failures.join("; ")}`;
  return `has ${completedParts(p)} of ${p.size} ${artifacts} complete`;
}
