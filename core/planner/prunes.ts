import { oldAttempts } from "../inventory/attempts.js";
import { compare, knownView, type RegionPoints, unknownBecause } from "../inventory/lineage.js";
import { heldBy, isPending, type PointState } from "../inventory/point-state.js";
import type { KindRules } from "../model/kind.js";
import type { Delete, Keep } from "../model/model.js";
import type { Terms } from "../retention/effective-policies.js";
import { decide, type Judgement, type Rule } from "../retention/retention.js";
import { calendarOf } from "../schedule/calendar.js";
import type { PlanContext } from "./context.js";
import { finishingOf } from "./finalize.js";
import { copiesRun, idsOf, type Scope } from "./prune-scope.js";
import { surplusOf } from "./surplus.js";

/** Why nothing at all of a lineage may be deleted in a region: what decides about it is gone or cannot be seen. */
function standstill({ context: { inventory }, terms, here, isHome, lineage }: Scope): string[] {
  if (terms.rule === undefined) {
    const why = terms.policy === undefined ? "policy gone" : `policy ${lineage.policy} has no rule for ${here.region}`;
    return [`${why}, and its points tell none`];
  }
  const others = isHome ? terms.copies : [inventory.home];
  return others
    .filter((region) => knownView(inventory, region) === undefined)
    .map((region) => `${region} is unknown: ${unknownBecause(inventory, region)}`);
}

/** Points that hold the newest copy of a member that is being copied: the copy in progress builds on it. */
function incrementalBases({ context: { inFlight }, here, isHome }: Scope): ReadonlySet<string> {
  const bases = new Set<string>();
  if (isHome) return bases;
  const open = new Set(inFlight.members(here.region));
  for (const entry of here.points) {
    if (open.size === 0) break;
    for (const part of entry.point.artifacts) {
      if (part.state === "completed" && open.delete(part.member)) bases.add(entry.point.id);
    }
  }
  return bases;
}

/** Why a source must wait for its copies: none seen completed, and none of a newer point either. */
function awaitedCopies({ context: { lineages }, lineage, terms }: Scope, entry: PointState): readonly string[] {
  const awaited = terms.awaited.filter((region) => {
    const there = lineages.pointsIn(lineage, region);
    const [newest] = there.completed;
    if (newest !== undefined && newest.point.scheduled >= entry.point.scheduled) return false;
    return there.byId.get(entry.point.id)?.status !== "completed";
  });
  return awaited.map((region) => `copy to ${region} not seen completed`);
}

/** What holds an entry whatever its state. */
function common(
  scope: Scope,
  entry: PointState,
  still: readonly string[],
  bases: ReadonlySet<string>,
): readonly string[] {
  const { context, isHome } = scope;
  const destinations = isHome ? context.inFlight.destinations(entry.point.id) : [];
  const isBase = !isHome && bases.has(entry.point.id);
  return [
    ...heldBy(entry).map((hold) => `hold ${hold}`),
    ...still,
    ...scope.unfinished(entry).flatMap(({ keeps }) => keeps ?? []),
    ...(isPending(entry) ? ["in flight"] : []),
    ...destinations.map((region) => `source of a copy in progress to ${region}`),
    ...(isBase ? ["base of a copy in progress"] : []),
  ];
}

/** What an unusable entry lacks, for a person. */
export function formatUnusable({ status, artifacts, point }: PointState, { words }: Pick<KindRules, "words">): string {
  if (status === "failed") {
    const failed = artifacts.filter((part) => part.state === "error");
    return `failed: ${failed.map((part) => `${part.member}: ${part.cause ?? "no cause given"}`).join(", ")}`;
  }
  return `incomplete: ${artifacts.length} of ${point.size} ${words.artifacts}`;
}

/**
 * Failed and incomplete points never count. Once a newer one is complete, a failed one goes; what is left of an incomplete one
 * stays as long as retention would keep it whole: an artifact may be missing only because its tags were changed, or because it
 * is on its way back from the Recycle Bin.
 */
function unusable(scope: Scope, entry: PointState, retained: Judgement): Judgement {
  const { context, here } = scope;
  const newest = here.completed[0];
  const superseded = newest !== undefined && newest.point.scheduled > entry.point.scheduled;
  const said = formatUnusable(entry, context.rules);
  const spent = entry.point.artifacts.every((part) => scope.old.has(part.id));
  if (!superseded && !spent && !scope.terms.idle) return { keep: [`${said}; no newer one is complete`], gone: "" };
  if (copiesRun(scope, entry))
    return { keep: [`${said}; a copy of its ${context.rules.words.member} is in progress`], gone: "" };
  if (entry.status === "failed") {
    return {
      keep: [],
      gone: superseded
        ? "failed, and a newer one is complete"
        : `failed, and ${spent ? "newer tries failed too" : "nobody tries again"}`,
    };
  }
  if (retained.keep.length > 0)
    return { keep: [`${said}; whole it would stay: ${retained.keep.join(", ")}`], gone: "" };
  return { keep: [], gone: `incomplete, and ${retained.gone}` };
}

const NO_RULE: Rule = { retain: {}, calendar: calendarOf("UTC") };
const NOTHING: Judgement = { keep: [], gone: "" };

/** What is said of the entries of a holding, newest first. */
interface Judged {
  readonly keeps: readonly Keep[];
  readonly deletes: readonly Going[];
}

function judge(scope: Scope): Judged {
  const { here, terms, lineage } = scope;
  const { policy, resource, kind } = lineage;
  const { region } = here;
  const still = standstill(scope);
  const bases = incrementalBases(scope);
  const retained = decide(here.points, terms.rule ?? NO_RULE);
  const keeps: Keep[] = [];
  const deletes: Going[] = [];
  for (const [i, entry] of here.points.entries()) {
    const point = entry.point.id;
    const { keep, gone } = judgedAs(scope, entry, retained[i] ?? NOTHING);
    const why = [...common(scope, entry, still, bases), ...keep];
    if (why.length === 0) {
      const about = { region, policy, resource, point, kind, reason: gone, artifacts: idsOf(entry.point.artifacts) };
      deletes.push({ entry, action: { do: "delete", ...about } });
    } else {
      keeps.push({ do: "keep", region, policy, resource, point, reason: why.join("; ") });
      deletes.push(...surplusOf(scope, entry, still, bases).map((action) => ({ entry, action })));
    }
  }
  return { keeps, deletes };
}

/** By its state: what retention says of a completed entry, and what keeps others. */
function judgedAs(scope: Scope, entry: PointState, judged: Judgement): Judgement {
  if (entry.status === "pending") return { keep: [], gone: judged.gone };
  if (entry.status !== "completed") return unusable(scope, entry, judged);
  return { keep: [...judged.keep, ...awaitedCopies(scope, entry)], gone: judged.gone };
}

/** What is to go of a point: all of it, or what is surplus. */
interface Going {
  readonly entry: PointState;
  readonly action: Delete;
}

/** What is to go of one lineage in one region, oldest first. */
export interface Leaving {
  readonly here: RegionPoints;
  readonly terms: Terms;
  readonly deletes: readonly Going[];
}

export interface Pruned {
  /** Oldest first. */
  readonly deletes: readonly Delete[];
  /** The same, by lineage and region. */
  readonly leaving: readonly Leaving[];
  /** By lineage and region. */
  readonly keeps: readonly Keep[];
}

/** What goes and what stays, with the reason, in every region that is known. A point goes only when nothing speaks for it. */
export function planPrunes(context: PlanContext): Pruned {
  const { inventory, lineages, effective } = context;
  const judged = lineages.all.flatMap((lineage) => {
    const regions = [...lineage.regions].toSorted(([a], [b]) => compare(a, b));
    return regions.map(([region, here]) => {
      const terms = effective.termsOf(lineage, here);
      const isHome = region === inventory.home;
      const unfinished = finishingOf(context, lineage, region);
      return { here, terms, ...judge({ context, lineage, here, isHome, terms, unfinished, old: oldAttempts(here) }) };
    });
  });
  const foreign = lineages.foreign.map(({ region, policy, resource, id, home }): Keep => {
    return { do: "keep", region, policy, resource, point: id, reason: `lives in ${home}, whose plan decides` };
  });
  const oldestFirst = judged
    .flatMap(({ deletes }) => deletes)
    .sort((a, b) => a.entry.point.scheduled - b.entry.point.scheduled);
  return {
    deletes: oldestFirst.map(({ action }) => action),
    leaving: judged
      .filter(({ deletes }) => deletes.length > 0)
      .map(({ here, terms, deletes }) => ({ here, terms, deletes: deletes.toReversed() })),
    keeps: [...judged.flatMap(({ keeps }) => keeps), ...foreign],
  };
}
