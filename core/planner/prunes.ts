import { oldAttempts } from "../inventory/attempts.js";
import {
  compare,
  type InFlight,
  knownView,
  type Lineages,
  type RegionPoints,
  unknownBecause,
} from "../inventory/lineage.js";
import { heldBy, isPending, type PointState } from "../inventory/point-state.js";
import type { Delete, Inventory, Keep } from "../model/model.js";
import type { EffectivePolicies, Terms } from "../retention/effective-policies.js";
import { copiesRun, idsOf, type Scope } from "../retention/prune-scope.js";
import { decide, type Judgement, type Rule } from "../retention/retention.js";
import { surplusOf } from "../retention/surplus.js";
import { calendarOf } from "../schedule/calendar.js";
import { lockOf, toLock } from "./finalize.js";

/** Why nothing at all of a lineage may be deleted in a region: what decides about it is gone or cannot be seen. */
function standstill({ world, terms, holding, lineage }: Scope): string[] {
  if (terms.rule === undefined) {
    const why =
      terms.policy === undefined ? "policy gone" : `policy ${lineage.policy} has no rule for ${holding.region}`;
    return [`${why}, and its points tell none`];
  }
  const others = holding.region === world.home ? terms.copies : [world.home];
  return others
    .filter((region) => knownView(world, region) === undefined)
    .map((region) => `${region} is unknown: ${unknownBecause(world, region)}`);
}

/** Points that hold the newest copy of a volume that is being copied: the copy in progress builds on it. */
function incrementalBases({ world, holding, inFlight }: Scope): ReadonlySet<string> {
  const bases = new Set<string>();
  if (holding.region === world.home) return bases;
  const open = new Set(inFlight.volumes(holding.region));
  for (const entry of holding.points) {
    if (open.size === 0) break;
    for (const part of entry.point.artifacts) {
      if (part.state === "completed" && open.delete(part.member)) bases.add(entry.point.id);
    }
  }
  return bases;
}

/** Why a source must wait for its copies: none seen completed, and none of a newer point either. */
function awaitedCopies({ seen, lineage, terms }: Scope, entry: PointState): readonly string[] {
  const awaited = terms.awaited.filter((region) => {
    const there = seen.pointsIn(lineage, region);
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
  const isHome = scope.holding.region === scope.world.home;
  const destinations = isHome ? scope.inFlight.destinations(entry.point.id) : [];
  const isBase = !isHome && bases.has(entry.point.id);
  // The same run locks it: what it is late with must not open a gap, nor half of a set stay behind locked.
  const isToBeLocked = scope.isLocking && toLock(entry, scope.world.now).length > 0;
  return [
    ...heldBy(entry).map((hold) => `hold ${hold}`),
    ...still,
    ...(isToBeLocked ? ["to be locked first"] : []),
    ...(isPending(entry) ? ["in flight"] : []),
    ...destinations.map((region) => `source of a copy in progress to ${region}`),
    ...(isBase ? ["base of a copy in progress"] : []),
  ];
}

/** What an unusable entry lacks, for a person. */
export function formatUnusable({ status: state, artifacts: parts, point }: PointState): string {
  if (state === "failed") {
    const failed = parts.filter((part) => part.state === "error");
    return `failed: ${failed.map((part) => `${part.member}: ${part.cause ?? "no cause given"}`).join(", ")}`;
  }
  return `incomplete: ${parts.length} of ${point.size} snapshots`;
}

/**
 * Failed and incomplete points never count. Once a newer one is complete, a failed one goes; what is left of an incomplete one
 * stays as long as retention would keep it whole: a snapshot may be missing only because its tags were changed, or because it
 * is on its way back from the Recycle Bin.
 */
function unusable(scope: Scope, entry: PointState, retained: Judgement): Judgement {
  const newest = scope.holding.completed[0];
  const superseded = newest !== undefined && newest.point.scheduled > entry.point.scheduled;
  const said = formatUnusable(entry);
  const spent = entry.point.artifacts.every((part) => scope.old.has(part.id));
  if (!superseded && !spent && !scope.terms.idle) return { keep: [`${said}; no newer one is complete`], gone: "" };
  if (copiesRun(scope, entry)) return { keep: [`${said}; a copy of its volume is in progress`], gone: "" };
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
  const { holding, terms, lineage } = scope;
  const { policy, resource } = lineage;
  const { region } = holding;
  const still = standstill(scope);
  const bases = incrementalBases(scope);
  const retained = decide(holding.points, terms.rule ?? NO_RULE);
  const keeps: Keep[] = [];
  const deletes: Going[] = [];
  for (const [i, entry] of holding.points.entries()) {
    const point = entry.point.id;
    const { keep, gone } = judgedAs(scope, entry, retained[i] ?? NOTHING);
    const why = [...common(scope, entry, still, bases), ...keep];
    if (why.length === 0) {
      const snapshots = idsOf(entry.point.artifacts);
      deletes.push({
        entry,
        action: { do: "delete", region, policy, resource, point, reason: gone, artifacts: snapshots },
      });
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
  readonly holding: RegionPoints;
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
export function planPrunes(world: Inventory, seen: Lineages, inFlight: InFlight, book: EffectivePolicies): Pruned {
  const judged = seen.all.flatMap((lineage) => {
    const holdings = [...lineage.regions].toSorted(([a], [b]) => compare(a, b));
    return holdings.map(([, holding]) => {
      const terms = book.termsOf(lineage, holding);
      const isLocking = lockOf(world, lineage, holding.region) !== undefined;
      const of = { world, seen, inFlight, lineage, holding, terms, isLocking };
      return { holding, terms, ...judge({ ...of, old: oldAttempts(holding) }) };
    });
  });
  const foreign = seen.foreign.map(({ region, policy, resource, id, home }): Keep => {
    return { do: "keep", region, policy, resource, point: id, reason: `lives in ${home}, whose plan decides` };
  });
  const oldestFirst = judged
    .flatMap(({ deletes }) => deletes)
    .sort((a, b) => a.entry.point.scheduled - b.entry.point.scheduled);
  return {
    deletes: oldestFirst.map(({ action }) => action),
    leaving: judged
      .filter(({ deletes }) => deletes.length > 0)
      .map(({ holding, terms, deletes }) => ({ holding, terms, deletes: deletes.toReversed() })),
    keeps: [...judged.flatMap(({ keeps }) => keeps), ...foreign],
  };
}
