import { formatRunning, isHanging, lastFailure } from "../../inventory/hanging.js";
import { knownView, type Lineage, type RegionPoints } from "../../inventory/lineage.js";
import type { PointState } from "../../inventory/point-state.js";
import type { Told } from "../../model/kind.js";
import type { Policy } from "../../model/model.js";
import { overdueAt } from "../../schedule/rpo.js";
import { scheduleOf } from "../../schedule/schedule.js";
import type { PlanContext } from "../context.js";
import { newestOf } from "../stand-ins.js";

/** What AWS is at for so long that something is wrong, one alert for each lineage and region. */
export function hangingArtifacts({ inventory: { now, home }, lineages, rules }: PlanContext): Told[] {
  return lineages.all.flatMap(({ policy, resource, regions }) =>
    [...regions.values()].flatMap(({ region, points }): Told[] => {
      const found = points.flatMap(({ point }) =>
        point.artifacts.filter((part) => isHanging(part, now, rules)).map((part) => ({ point: point.id, part })),
      );
      const oldest = found.at(-1);
      if (oldest === undefined) return [];
      const said = `${found.length} in progress ${formatRunning(found.map(({ part }) => part))}`;
      const about = { region, policy, resource, point: oldest.point };
      if (region === home) return [{ ...about, cause: "point-hangs", reason: said }];
      const slots = `they take ${found.length} of the copy slots of ${region} until they end`;
      return [{ ...about, cause: "copy-hangs", reason: `${said}; ${slots}` }];
    }),
  );
}

interface Place {
  readonly context: PlanContext;
  readonly lineage: Lineage | undefined;
  readonly holding: RegionPoints;
  /** The newest that can be restored, its own or one that stands in for it. */
  readonly newest: PointState | undefined;
}

/** What came after the newest point, and is not whole. */
const laterIn = ({ holding: { points }, newest }: Place): readonly PointState[] =>
  points.filter(({ point }) => newest === undefined || point.scheduled > newest.point.scheduled);

function formatWhy(place: Place): string {
  const { lineage, holding, newest } = place;
  const { inventory, lineages, rules } = place.context;
  const isHome = holding.region === inventory.home;
  const later = laterIn(place);
  const running = later.flatMap(({ point }) => point.artifacts.filter(({ state }) => state === "pending"));
  const failure = lastFailure(later.flatMap(({ point }) => point.artifacts));
  const why = [
    ...(running.length > 0
      ? [`${running.length} ${isHome ? `${rules.words.artifact}(s)` : "copies"} in progress ${formatRunning(running)}`]
      : []),
    ...(failure === undefined ? [] : [`the last try failed: ${failure}`]),
  ];
  if (why.length > 0) return why.join("; ");
  if (later.length > 0) return "what was made later is not whole";
  if (isHome) return "none was made since";
  const source = lineages.pointsIn(lineage, inventory.home).completed[0];
  const isBehind = source !== undefined && (newest === undefined || source.point.scheduled > newest.point.scheduled);
  return isBehind ? "no copy of a newer one was begun" : `${inventory.home} has none that is newer`;
}

/**
 * From when on the next point is awaited: the start of the newest, else the first try. Nothing is awaited of what nobody has
 * tried yet, of which others tell, nor while AWS is at the very first one, which is a full one.
 */
function startOf({ context: { inventory, rules }, holding, newest }: Place): number | undefined {
  if (newest !== undefined) return newest.start;
  const parts = holding.points.flatMap(({ point }) => point.artifacts);
  if (parts.length === 0 || parts.some((part) => part.state === "pending" && !isHanging(part, inventory.now, rules)))
    return undefined;
  return parts.reduce((first, { startedAt }) => Math.min(first, startedAt), Number.POSITIVE_INFINITY);
}

/** A resource under a policy in a region that is to have its points. */
function* placesOf(context: PlanContext): Generator<Place & { readonly policy: Policy; readonly resource: string }> {
  const { inventory, rules, lineages, selected, effective } = context;
  for (const policy of inventory.policies) {
    for (const resource of selected.get(policy.name) ?? []) {
      // Of what no point can be made of another alert tells.
      const { members, problem } = rules.protects(policy, resource);
      if (members.length === 0 || problem !== undefined) continue;
      const { id } = resource;
      const lineage = lineages.of(policy.name, id);
      const ruled = effective.ofSelected(policy, id);
      const standIns = context.standIns(policy, resource);
      for (const region of new Set([inventory.home, ...ruled.copy.map((rule) => rule.region)])) {
        if (knownView(inventory, region) === undefined) continue;
        const holding = lineages.pointsIn(lineage, region);
        const newest = newestOf(context, holding, standIns, id);
        yield { context, lineage, holding, newest, policy, resource: id };
      }
    }
  }
}

/** What is selected and has no point, in a region that is to have one, in the time that its schedule gives; with the reason. */
export function latePoints(context: PlanContext): Told[] {
  const { inventory, home } = context;
  if (home === undefined) return [];
  const lateness = new Map(inventory.policies.map((policy) => [policy.name, latenessOf(policy, inventory.now)]));
  const told: Told[] = [];
  for (const place of placesOf(context)) {
    const { newest, policy, resource } = place;
    const { region } = place.holding;
    const start = startOf(place);
    const late = lateness.get(policy.name)?.[region === inventory.home ? "home" : "copy"];
    if (start === undefined || late === undefined || late(start) === 0) continue;
    const had = newest === undefined ? "there is none" : `the newest is from ${new Date(newest.start).toISOString()}`;
    const point = laterIn(place)[0]?.point.id ?? newest?.point.id ?? "";
    const reason = `${had}; ${formatWhy(place)}`;
    told.push({ region, policy: policy.name, resource, point, cause: "point-overdue", reason });
  }
  return told;
}

/** By how much a policy's points are late, by place. Where only others make them nobody knows when the next is due. */
function latenessOf(policy: Policy, now: number) {
  const schedule = scheduleOf(policy);
  return schedule && { home: overdueAt(schedule, now, "home"), copy: overdueAt(schedule, now, "copy") };
}
