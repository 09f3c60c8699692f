import { formatRunning, isHanging, lastFailure } from "../../inventory/hanging.js";
import { knownView, type Lineage, type Lineages, type RegionPoints } from "../../inventory/lineage.js";
import type { PointState } from "../../inventory/point-state.js";
import type { Alert, Inventory, Policy, Resource } from "../../model/model.js";
import type { EffectivePolicies } from "../../retention/effective-policies.js";
import { overdueAt } from "../../schedule/rpo.js";
import { scheduleOf } from "../../schedule/schedule.js";
import { covered } from "../../selection/exclude.js";
import { Covers, newestOf } from "../covers.js";

type Told = Omit<Alert, "do">;

/** Snapshots and copies that EBS is at for so long that something is wrong, one alert for each lineage and region. */
export function hangingSnapshots({ now, home }: Inventory, seen: Lineages): Told[] {
  return seen.all.flatMap(({ policy, resource, regions: holdings }) =>
    [...holdings.values()].flatMap(({ region, points: entries }): Told[] => {
      const found = entries.flatMap(({ point }) =>
        point.artifacts.filter((part) => isHanging(part, now)).map((part) => ({ point: point.id, part })),
      );
      const oldest = found.at(-1);
      if (oldest === undefined) return [];
      const said = `${found.length} in progress ${formatRunning(found.map(({ part }) => part))}`;
      const about = { region, policy, resource, point: oldest.point };
      if (region === home) return [{ ...about, cause: "snapshot-hangs", reason: said }];
      const slots = `they take ${found.length} of the copy slots of ${region} until they end`;
      return [{ ...about, cause: "copy-hangs", reason: `${said}; ${slots}` }];
    }),
  );
}

interface Place {
  readonly world: Inventory;
  readonly seen: Lineages;
  readonly lineage: Lineage | undefined;
  readonly holding: RegionPoints;
  /** The newest that can be restored; of a single volume it may be in a set. */
  readonly newest: PointState | undefined;
}

/** What came after the newest point, and is not whole. */
const laterIn = ({ holding: { points: entries }, newest }: Place): readonly PointState[] =>
  entries.filter(({ point }) => newest === undefined || point.scheduled > newest.point.scheduled);

function formatWhy(place: Place): string {
  const { world, seen, lineage, holding, newest } = place;
  const isHome = holding.region === world.home;
  const later = laterIn(place);
  const running = later.flatMap(({ point }) => point.artifacts.filter(({ state }) => state === "pending"));
  const failure = lastFailure(later.flatMap(({ point }) => point.artifacts));
  const why = [
    ...(running.length > 0
      ? [`${running.length} ${isHome ? "snapshot(s)" : "copies"} in progress ${formatRunning(running)}`]
      : []),
    ...(failure === undefined ? [] : [`the last try failed: ${failure}`]),
  ];
  if (why.length > 0) return why.join("; ");
  if (later.length > 0) return "what was made later is not whole";
  if (isHome) return "none was made since";
  const source = seen.pointsIn(lineage, world.home).completed[0];
  const isBehind = source !== undefined && (newest === undefined || source.point.scheduled > newest.point.scheduled);
  return isBehind ? "no copy of a newer one was begun" : `${world.home} has none that is newer`;
}

/**
 * From when on the next point is awaited: the start of the newest, else the first try. Nothing is awaited of what nobody has
 * tried yet, of which others tell, nor while EBS is at the very first one, which is a full one.
 */
function startOf({ world, holding, newest }: Place): number | undefined {
  if (newest !== undefined) return newest.start;
  const parts = holding.points.flatMap(({ point }) => point.artifacts);
  if (parts.length === 0 || parts.some((part) => part.state === "pending" && !isHanging(part, world.now)))
    return undefined;
  return parts.reduce((first, { startedAt }) => Math.min(first, startedAt), Number.POSITIVE_INFINITY);
}

/** A resource under a policy in a region that is to have its points. */
function* placesOf(
  world: Inventory,
  seen: Lineages,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: EffectivePolicies,
): Generator<Place & { readonly policy: Policy; readonly resource: string }> {
  const covers = new Covers(world, selected, book);
  for (const policy of world.policies) {
    for (const { id: resource, kind, members: volumes } of selected.get(policy.name) ?? []) {
      // Of what no point can be made of another alert tells.
      const { volumes: wanted, problem } = covered(policy, { members: volumes });
      if (wanted.length === 0 || problem !== undefined) continue;
      const lineage = seen.of(policy.name, resource);
      const copies = (book.policyOf({ policy: policy.name, resource }) ?? policy).copy.map(({ region }) => region);
      const sets = kind === "volume" ? covers.of(policy, resource) : [];
      for (const region of new Set([world.home, ...copies])) {
        if (knownView(world, region) === undefined) continue;
        const holding = seen.pointsIn(lineage, region);
        const newest = newestOf(holding, sets, seen, resource);
        yield { world, seen, lineage, holding, newest, policy, resource };
      }
    }
  }
}

/** What is selected and has no point, in a region that is to have one, in the time that its schedule gives; with the reason. */
export function latePoints(
  world: Inventory,
  seen: Lineages,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: EffectivePolicies,
): Told[] {
  if (knownView(world, world.home) === undefined) return [];
  const lateness = new Map(world.policies.map((policy) => [policy.name, latenessOf(policy, world.now)]));
  const told: Told[] = [];
  for (const place of placesOf(world, seen, selected, book)) {
    const { newest, policy, resource } = place;
    const { region } = place.holding;
    const start = startOf(place);
    const late = lateness.get(policy.name)?.[region === world.home ? "home" : "copy"];
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
