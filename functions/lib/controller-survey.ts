import type { Policy, Settings, World } from "../../core/model.js";
import { type Known, needsOf } from "../../core/needs.js";
import { lookLeaning, type Recent } from "./lean.js";
import type { Wants } from "./regions.js";
import { makeReading, regionsOf, type SurveyArgs, seeRegions, tellStrays, worldsFrom } from "./survey.js";

export interface ControllerSurveyArgs extends SurveyArgs {
  /** What is known of the last minutes, when nothing but new points and free slots was told of since. */
  readonly recent?: Recent;
  /** Something that was to be deleted is known to be locked. @default false */
  readonly locked?: boolean;
}

export interface ControllerSurvey {
  readonly worlds: readonly World[];
  /** What was read of the own region: a plan may do nothing that needs more. */
  readonly known: Known;
  /** Only what takes slots was read: good for copies, and for nothing else. */
  readonly isFollowUp: boolean;
  /** Something is as `recent` has it. */
  readonly isLeaning: boolean;
}

/**
 * Reads what a controller's decisions depend on, and no more: it changes its own region only.
 *
 * | list | read where |
 * |---|---|
 * | own snapshots | in every region |
 * | instances | in the home regions |
 * | volumes | in the home regions, if a policy has volumes alone, or a point of a volume is there, which comes to its end without that; of a primary also if a point may be due or a policy looks at volumes |
 * | unfinished copies of everybody | in a DR stack's own region, if a copy is to be started there: they take slots |
 * | AMIs | in the own region, if anything may be deleted there |
 * | locks | in the own region, if a point may lack one, or something may be deleted that is a set, that may be locked or that was |
 *
 * A DR stack that looked at everything a moment ago may lean on that (lean.ts).
 */
export async function surveyForController(args: ControllerSurveyArgs): Promise<ControllerSurvey> {
  const { settings, recent } = args;
  const reading = makeReading(args);
  const leaning = recent && (await lookLeaning(args, reading, recent));
  if (leaning) {
    tellStrays(args, leaning.seen);
    const { isFollowUp } = leaning;
    return { worlds: leaning.worlds, known: knownFrom({ pending: isFollowUp }), isFollowUp, isLeaning: true };
  }
  const first = firstWants(settings);
  const firstSeen = await seeRegions(reading, first);
  const more = moreWants(args, worldsFrom(args, firstSeen), first);
  const seen = new Map([...firstSeen, ...(await seeRegions(reading, more))]);
  tellStrays(args, seen);
  const known = knownFrom({ ...first.get(settings.region), ...more.get(settings.region) });
  return { worlds: worldsFrom(args, seen), known, isFollowUp: false, isLeaning: false };
}

function knownFrom({ volumes = false, pending = false, images = false, locks = false }: Wants): Known {
  return { volumes, pending, images, locks };
}

function firstWants(settings: Settings): Map<string, Wants> {
  const { homes, others } = regionsOf(settings);
  const volumes = settings.policies.some(settings.role === "primary" ? looksAtVolumes : hasVolumesAlone);
  return new Map([
    ...others.map((region): [string, Wants] => [region, {}]),
    ...homes.map((region): [string, Wants] => [region, { instances: true, volumes }]),
  ]);
}

const hasVolumesAlone = ({ kinds }: Policy): boolean => kinds?.includes("volume") === true;
const looksAtVolumes = (policy: Policy): boolean =>
  hasVolumesAlone(policy) || policy.exclude !== undefined || policy.copyTags !== undefined;

/** Of each region of which more must be known than was read at first, all that is to be known. */
function moreWants(args: ControllerSurveyArgs, worlds: readonly World[], first: ReadonlyMap<string, Wants>) {
  const { region } = args.settings;
  const more = new Map<string, Wants>();
  const add = (where: string, needs: Partial<Known>) => {
    const before = more.get(where) ?? first.get(where) ?? {};
    const lacking = LISTS.filter((list) => needs[list] && !before[list]);
    const added = Object.fromEntries(lacking.map((list) => [list, true]));
    if (lacking.length > 0) more.set(where, { ...before, ...added });
  };
  for (const world of worlds) {
    add(world.home, { volumes: hasPointsOfVolumes(world) });
    add(region, needsOf(world, region, args.locked));
  }
  return more;
}

const LISTS = ["volumes", "pending", "images", "locks"] as const satisfies (keyof Known)[];

const hasPointsOfVolumes = ({ home, regions }: World): boolean =>
  regions[home]?.complete === true &&
  Object.values(regions).some((view) => view.complete && view.points.some(({ kind }) => kind === "volume"));
