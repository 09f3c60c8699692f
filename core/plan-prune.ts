import { compare, type Entry, type Holding, type InFlight, known, type Seen, unknownBecause } from "./lineage.js";
import type { Delete, Keep, World } from "./model.js";
import { lockOf, toLock } from "./plan-finish.js";
import { copiesRun, idsOf, type Scope } from "./prune-scope.js";
import { decide, type Judgement } from "./retention.js";
import { surplusOf } from "./surplus.js";
import type { Book, Terms } from "./terms.js";
import { oldTries } from "./tries.js";

type Verdict = Keep | Delete;

/** Why nothing at all of a lineage may be deleted in a region: what decides about it is gone or cannot be seen. */
function standstill({ world, terms, holding, lineage }: Scope): string[] {
  if (terms.rule === undefined) {
    const why =
      terms.policy === undefined ? "policy gone" : `policy ${lineage.policy} has no rule for ${holding.region}`;
    return [`${why}, and its points tell none`];
  }
  const others = holding.region === world.home ? terms.copies : [world.home];
  return others
    .filter((region) => known(world, region) === undefined)
    .map((region) => `${region} is unknown: ${unknownBecause(world, region)}`);
}

/** Points that hold the newest copy of a volume that is being copied: the copy in progress builds on it. */
function incrementalBases({ world, holding, inFlight }: Scope): ReadonlySet<string> {
  const bases = new Set<string>();
  if (holding.region === world.home) return bases;
  const open = new Set(inFlight.volumes(holding.region));
  for (const entry of holding.entries) {
    if (open.size === 0) break;
    for (const part of entry.point.parts) {
      if (part.state === "completed" && open.delete(part.volume)) bases.add(entry.point.id);
    }
  }
  return bases;
}

/** Why a source must wait for its copies: none seen completed, and none of a newer point either. */
function awaitedCopies({ seen, lineage, terms }: Scope, entry: Entry): readonly string[] {
  let awaited: string[] | undefined;
  for (const region of terms.awaited) {
    const there = seen.holding(lineage, region);
    const [newest] = there.completed;
    if (newest !== undefined && newest.point.scheduled >= entry.point.scheduled) continue;
    if (there.byId.get(entry.point.id)?.state === "completed") continue;
    awaited ??= [];
    awaited.push(`copy to ${region} not seen completed`);
  }
  return awaited ?? NOBODY;
}

/** What holds an entry whatever its state. */
function common(scope: Scope, entry: Entry, still: readonly string[], bases: ReadonlySet<string>): readonly string[] {
  const isHome = scope.holding.region === scope.world.home;
  const destinations = isHome ? scope.inFlight.destinations(entry.point.id) : NOBODY;
  const isBase = !isHome && bases.has(entry.point.id);
  // The same run locks it: what it is late with must not open a gap, nor half of a set stay behind locked.
  const isToBeLocked = scope.isLocking && toLock(entry, scope.world.now).length > 0;
  const isFree = entry.held.length === 0 && !entry.pending && destinations.length === 0 && !isBase && !isToBeLocked;
  if (isFree && still.length === 0) return NOBODY;
  return [
    ...entry.held.map((hold) => `hold ${hold}`),
    ...still,
    ...(isToBeLocked ? ["to be locked first"] : []),
    ...(entry.pending ? ["in flight"] : []),
    ...destinations.map((region) => `source of a copy in progress to ${region}`),
    ...(isBase ? ["base of a copy in progress"] : []),
  ];
}

/** What an unusable entry lacks, for a person. */
export function sayUnusable({ state, parts, point }: Entry): string {
  if (state === "failed") {
    const failed = parts.filter((part) => part.state === "error");
    return `failed: ${failed.map((part) => `${part.volume}: ${part.cause ?? "no cause given"}`).join(", ")}`;
  }
  return `incomplete: ${parts.length} of ${point.size} snapshots`;
}

/**
 * Failed and incomplete points never count. Once a newer one is complete, a failed one goes; what is left of an incomplete one
 * stays as long as retention would keep it whole: a snapshot may be missing only because its tags were changed, or because it
 * is on its way back from the Recycle Bin.
 */
function unusable(scope: Scope, entry: Entry, retained: Judgement): Judgement {
  const newest = scope.holding.completed[0];
  const superseded = newest !== undefined && newest.point.scheduled > entry.point.scheduled;
  const said = sayUnusable(entry);
  const spent = entry.point.parts.every((part) => scope.old.has(part.snapshot));
  if (!superseded && !spent && !scope.terms.idle) return { keep: [`${said}; no newer one is complete`], gone: "" };
  if (copiesRun(scope, entry)) return { keep: [`${said}; a copy of its volume is in progress`], gone: "" };
  if (entry.state === "failed") {
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

const NOBODY: readonly string[] = [];
const NOTHING: Judgement = { keep: NOBODY, gone: "" };

/** Hands the verdict on each entry to `told`. */
function judge(scope: Scope, told: (verdict: Verdict, entry: Entry) => void): void {
  const { holding, terms, lineage } = scope;
  const { policy, resource } = lineage;
  const { region } = holding;
  const still = standstill(scope);
  const bases = incrementalBases(scope);
  const retained = decide(holding.entries, terms.rule ?? { retain: {} });
  for (const [i, entry] of holding.entries.entries()) {
    const { keep, gone } = judgedAs(scope, entry, retained[i] ?? NOTHING);
    const why = join(common(scope, entry, still, bases), keep);
    if (why.length === 0) {
      const snapshots = idsOf(entry.point.parts);
      told({ do: "delete", region, policy, resource, point: entry.point.id, reason: gone, snapshots }, entry);
    } else {
      const reason = why.join("; ");
      told({ do: "keep", region, policy, resource, point: entry.point.id, reason }, entry);
      for (const surplus of surplusOf(scope, entry, still, bases)) told(surplus, entry);
    }
  }
}

/** By its state: what retention says of a completed entry, and what keeps others. */
function judgedAs(scope: Scope, entry: Entry, judged: Judgement): Judgement {
  if (entry.state === "pending") return { keep: NOBODY, gone: judged.gone };
  if (entry.state !== "completed") return unusable(scope, entry, judged);
  const awaited = awaitedCopies(scope, entry);
  return awaited.length === 0 ? judged : { keep: join(judged.keep, awaited), gone: judged.gone };
}

/** Of a million points nearly all have reasons of one kind. */
const join = (some: readonly string[], more: readonly string[]): readonly string[] =>
  some.length === 0 ? more : more.length === 0 ? some : [...some, ...more];

/** What is to go of one lineage in one region, oldest first. */
interface Leaving {
  readonly holding: Holding;
  readonly terms: Terms;
  readonly deletes: readonly Delete[];
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
export function planPrunes(world: World, seen: Seen, inFlight: InFlight, book: Book): Pruned {
  const deletes = new Map<number, Delete[]>();
  const leaving: Leaving[] = [];
  const keeps: Keep[] = [];
  let ofHolding: Delete[] = [];
  const told = (verdict: Verdict, { point: { scheduled } }: Entry): void => {
    if (verdict.do === "keep") keeps.push(verdict);
    else {
      ofHolding.push(verdict);
      const ofSlot = deletes.get(scheduled);
      if (ofSlot === undefined) deletes.set(scheduled, [verdict]);
      else ofSlot.push(verdict);
    }
  };
  for (const lineage of seen.lineages) {
    for (const [, holding] of [...lineage.holdings].toSorted(([a], [b]) => compare(a, b))) {
      const terms = book.termsOf(lineage, holding);
      const isLocking = lockOf(world, lineage, holding.region) !== undefined;
      judge({ world, seen, inFlight, lineage, holding, terms, isLocking, old: oldTries(holding) }, told);
      if (ofHolding.length === 0) continue;
      leaving.push({ holding, terms, deletes: ofHolding.reverse() });
      ofHolding = [];
    }
  }
  for (const point of seen.foreign) {
    const { region, policy, resource, id, home } = point;
    keeps.push({ do: "keep", region, policy, resource, point: id, reason: `lives in ${home}, whose plan decides` });
  }
  const oldestFirst = [...deletes].sort(([a], [b]) => a - b);
  return { deletes: oldestFirst.flatMap(([, ofSlot]) => ofSlot), leaving, keeps };
}
