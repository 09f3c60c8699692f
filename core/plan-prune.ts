import {
  compare,
  type Entry,
  type Holding,
  type InFlight,
  known,
  type Lineage,
  type Seen,
  unknownBecause,
} from "./lineage.js";
import type { Delete, Keep, Part, World } from "./model.js";
import { decide, type Judgement } from "./retention.js";
import type { Book, Terms } from "./terms.js";
import { oldTries } from "./tries.js";

interface Scope {
  readonly world: World;
  readonly seen: Seen;
  readonly inFlight: InFlight;
  readonly lineage: Lineage;
  readonly holding: Holding;
  readonly terms: Terms;
  /** Failed tries that no longer matter. */
  readonly old: ReadonlySet<string>;
}

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
function awaitedCopies({ seen, lineage, terms }: Scope, entry: Entry): string[] {
  return terms.copies
    .filter((region) => {
      const newest = seen.holding(lineage, region).completed[0];
      if (newest !== undefined && newest.point.scheduled >= entry.point.scheduled) return false;
      return seen.holding(lineage, region).byId.get(entry.point.id)?.state !== "completed";
    })
    .map((region) => `copy to ${region} not seen completed`);
}

/** What holds an entry whatever its state. */
function common(scope: Scope, entry: Entry, still: readonly string[], bases: ReadonlySet<string>): string[] {
  const why = [...entry.held.map((hold) => `hold ${hold}`), ...still];
  if (entry.pending) why.push("in flight");
  if (scope.holding.region === scope.world.home) {
    for (const region of scope.inFlight.destinations(entry.point.id))
      why.push(`source of a copy in progress to ${region}`);
  } else if (bases.has(entry.point.id)) {
    why.push("base of a copy in progress");
  }
  return why;
}

/** What an unusable entry lacks, for a person. */
export function sayUnusable({ state, parts, point }: Entry): string {
  if (state === "failed") {
    const failed = parts.filter((part) => part.state === "error");
    return `failed: ${failed.map((part) => `${part.volume}: ${part.cause ?? "no cause given"}`).join(", ")}`;
  }
  return `incomplete: ${parts.length} of ${point.size} snapshots`;
}

const copiesRun = ({ world, holding, inFlight }: Scope, entry: Entry): boolean =>
  holding.region !== world.home && entry.point.parts.some((part) => inFlight.hasVolume(holding.region, part.volume));

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
  if (!superseded && !spent && !scope.terms.ended) return { keep: [`${said}; no newer one is complete`], gone: "" };
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

const base = ({ holding, lineage }: Scope, entry: Entry, reason: string) => ({
  region: holding.region,
  policy: lineage.policy,
  resource: lineage.resource,
  point: entry.point.id,
  reason,
});

/** Doubles and failed tries of a point that stays: they go once what they double is completed, tries also once they are old. */
function surplusOf(scope: Scope, entry: Entry, still: readonly string[], bases: ReadonlySet<string>): Delete[] {
  if (entry.held.length > 0 || still.length > 0 || bases.has(entry.point.id)) return [];
  const home = scope.holding.region === scope.world.home;
  const busy = entry.pending || scope.inFlight.destinations(entry.point.id).length > 0;
  if (home && (entry.state !== "completed" || busy)) return [];
  if (copiesRun(scope, entry)) return [];
  const done = new Set(entry.parts.filter((part) => part.state === "completed").map((part) => part.volume));
  const doubles = entry.surplus.filter((part) => part.state !== "pending" && done.has(part.volume));
  const old = home ? [] : entry.point.parts.filter((part) => scope.old.has(part.snapshot));
  const gone = [...new Set([...doubles, ...old])];
  if (gone.length === 0) return [];
  if (doubles.length === 0) {
    return [{ do: "delete", ...base(scope, entry, "failed try: newer ones failed too"), snapshots: idsOf(gone) }];
  }
  const kind = gone.every((part) => part.state === "error") ? "failed try" : "double";
  const reason = `${kind}: ${done.size === 1 ? "another snapshot" : "other snapshots"} of the same point ${done.size === 1 ? "is" : "are"} completed`;
  return [{ do: "delete", ...base(scope, entry, reason), snapshots: idsOf(gone) }];
}

const idsOf = (parts: readonly Part[]): string[] => parts.map((part) => part.snapshot).toSorted();

function judge(scope: Scope): Verdict[] {
  const { holding, terms } = scope;
  const still = standstill(scope);
  const bases = incrementalBases(scope);
  const retained = decide(
    holding.entries.map(({ point, start, state }) => ({ id: point.id, start, complete: state === "completed" })),
    terms.rule ?? { retain: {} },
  );
  return holding.entries.flatMap((entry): Verdict[] => {
    const why = common(scope, entry, still, bases);
    const judged = retained.get(entry.point.id) ?? { keep: [], gone: "" };
    let { gone } = judged;
    if (entry.state === "completed") {
      why.push(...judged.keep, ...awaitedCopies(scope, entry));
    } else if (entry.state !== "pending") {
      const verdict = unusable(scope, entry, judged);
      why.push(...verdict.keep);
      gone = verdict.gone;
    }
    if (why.length === 0) return [{ do: "delete", ...base(scope, entry, gone), snapshots: idsOf(entry.point.parts) }];
    return [{ do: "keep", ...base(scope, entry, why.join("; ")) }, ...surplusOf(scope, entry, still, bases)];
  });
}

/**
 * What goes and what stays, with the reason, in every region that is known. A point goes only when nothing speaks for it.
 * Deletes come oldest first; keeps by lineage.
 */
export function planPrunes(
  world: World,
  seen: Seen,
  inFlight: InFlight,
  book: Book,
): { deletes: Delete[]; keeps: Keep[] } {
  const deletes: { readonly scheduled: number; readonly action: Delete }[] = [];
  const keeps: Keep[] = [];
  for (const lineage of seen.lineages) {
    for (const [, holding] of [...lineage.holdings].toSorted(([a], [b]) => compare(a, b))) {
      const terms = book.termsOf(lineage, holding);
      for (const verdict of judge({ world, seen, inFlight, lineage, holding, terms, old: oldTries(holding) })) {
        if (verdict.do === "keep") keeps.push(verdict);
        else deletes.push({ action: verdict, scheduled: holding.byId.get(verdict.point)?.point.scheduled ?? 0 });
      }
    }
  }
  for (const point of seen.foreign) {
    const { region, policy, resource, id, home } = point;
    keeps.push({ do: "keep", region, policy, resource, point: id, reason: `lives in ${home}, whose plan decides` });
  }
  const oldestFirst = deletes.toSorted(
    (a, b) =>
      compare(a.scheduled, b.scheduled) ||
      compare(a.action.region, b.action.region) ||
      compare(a.action.point, b.action.point),
  );
  return { deletes: oldestFirst.map(({ action }) => action), keeps };
}
