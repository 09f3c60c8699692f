import type { Part, Point, World } from "../../core/model.js";
import { needsOf, startsCopies } from "../../core/needs.js";
import { type RegionArgs, type Seen, seeRegion } from "./regions.js";
import { type SeenRegions, type SurveyArgs, worldsFrom } from "./survey.js";

/** What a DR stack knows from its last runs. */
export interface Recent {
  /** As they were when all was read, with the copies that later runs began. */
  readonly worlds: readonly World[];
  /** Copies that the last run began: `pending`. */
  readonly begun: readonly Point[];
  /** Points of home regions were completed since those were read. */
  readonly newPoints: boolean;
}

export interface Leaning {
  readonly worlds: readonly World[];
  readonly seen: SeenRegions;
  readonly isFollowUp: boolean;
}

/**
 * What a DR stack can decide without reading everything again; undefined where it must. 120 copies need seven rounds, so that a
 * round reads only what may have changed:
 * - While there are copies to start, the unfinished snapshots of everybody in the own region, which take slots; and the snapshots
 *   of the home regions, if there are new ones. What was in flight and is no more has arrived, since a failure would have been
 *   told of; where that is wrong, the next look at everything finds it.
 * - With all copies handed out, the snapshots of the own region: whether anything is left to do. What ends there is decided by a
 *   look at everything.
 */
export async function lookLeaning(
  args: SurveyArgs & { readonly locked?: boolean },
  reading: RegionArgs,
  recent: Recent,
): Promise<Leaning | undefined> {
  const { region } = args.settings;
  const homes = await homesSeen(reading, recent);
  if (!homes.every(([, seen]) => seen.complete)) return undefined;
  const lookWith = (own: Seen) => {
    const seen: SeenRegions = new Map([...homes, [region, own]]);
    return { seen, worlds: worldsFrom(args, seen) };
  };
  const known = [...recent.worlds.flatMap((world) => pointsIn(world, region)), ...recent.begun];
  const starts = (worlds: readonly World[]) => worlds.some((world) => startsCopies(world, region));
  if (starts(lookWith({ ...NO_SLOT_TAKEN, points: brought(known, []) }).worlds)) {
    const now = await seeRegion(reading, region, { onlyPending: true });
    if (!now.complete) return undefined;
    const look = lookWith({ ...now, points: brought(known, now.points) });
    if (starts(look.worlds)) return { ...look, isFollowUp: true };
  }
  if (recent.newPoints) return undefined;
  const own = await seeRegion(reading, region, {});
  if (!own.complete) return undefined;
  const look = lookWith(own);
  const needs = look.worlds.map((world) => needsOf(world, region, args.locked));
  return needs.some((one) => one.pending || one.images || one.locks) ? undefined : { ...look, isFollowUp: false };
}

const NO_SLOT_TAKEN = { complete: true, resources: [], copiesInFlight: 0 } as const;

function homesSeen(reading: RegionArgs, { worlds, newPoints }: Recent): Promise<(readonly [string, Seen])[]> {
  return Promise.all(
    worlds.map(async (world) => {
      const before = homeSeen(world);
      if (!newPoints || !before.complete) return [world.home, before] as const;
      const now = await seeRegion(reading, world.home, {});
      return [world.home, now.complete ? { ...before, points: now.points } : now] as const;
    }),
  );
}

function homeSeen(world: World): Seen {
  const view = world.regions[world.home];
  if (!view?.complete) return { complete: false, reason: view?.reason ?? "not read" };
  return { ...view, resources: world.resources, ...(world.otherVolumes && { otherVolumes: world.otherVolumes }) };
}

function pointsIn({ regions }: World, region: string): readonly Point[] {
  const view = regions[region];
  return view?.complete ? view.points : [];
}

/** Points as they were known, brought up to date by those of their snapshots that are in flight now. */
function brought(known: readonly Point[], inFlight: readonly Point[]): Point[] {
  const open = new Set(inFlight.flatMap(({ parts }) => parts.map(({ snapshot }) => snapshot)));
  const arrived = (part: Part): Part =>
    part.state !== "pending" || open.has(part.snapshot) ? part : { ...part, state: "completed", progress: 100 };
  const byId = Map.groupBy([...inFlight, ...known], ({ id }) => id);
  return [...byId.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const parts = [first, ...others].flatMap((point) => point.parts.map(arrived));
    return [{ ...first, parts: [...new Map(parts.map((part) => [part.snapshot, part])).values()] }];
  });
}
