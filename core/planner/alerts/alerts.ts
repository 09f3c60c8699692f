import { compare, type Entry, type Holding, known, type Seen, unknownBecause } from "../../inventory/lineage.js";
import { heldBy, isDoubled } from "../../inventory/shape.js";
import type { Alert, Resource, World } from "../../model/model.js";
import type { Book } from "../../retention/terms.js";
import { sayUnusable } from "../prunes.js";
import { planDrops } from "./drops.js";
import { planEndings } from "./endings.js";
import { hangingSnapshots, latePoints } from "./late.js";
import { overdueCopies } from "./overdue-copies.js";
import { aboutSelection } from "./selection.js";

type Told = Omit<Alert, "do">;

const NONE = { policy: "", resource: "", point: "" } as const;

function aboutRegions(world: World): Told[] {
  return Object.keys(world.regions)
    .filter((region) => known(world, region) === undefined)
    .map((region) => ({ ...NONE, region, cause: "region-unknown", reason: unknownBecause(world, region) }));
}

type Trouble = Pick<Alert, "cause" | "case" | "reason">;
const NO_TROUBLE: readonly Trouble[] = [];

/** So long it is told of what is made up for, and only stays because somebody holds it, as a lock does for years. */
const TOLD_MS = 86_400_000;

/** Whether nothing is left to be done about an entry but to wait for the end of what holds it; and people have had time to hear of it. */
function isOver(entry: Entry, { completed }: Holding, now: number): boolean {
  const { state, point } = entry;
  if (heldBy(entry).length === 0) return false;
  const isMadeUpFor = state === "completed" || (completed[0]?.point.scheduled ?? 0) > point.scheduled;
  return isMadeUpFor && point.parts.every(({ startedAt }) => startedAt < now - TOLD_MS);
}

/** What is wrong with an entry; a copy that merely is not whole yet is in progress, not in trouble. */
function trouble(entry: Entry, holding: Holding, { home, now }: World): readonly Trouble[] {
  if ((entry.state === "completed" && !isDoubled(entry)) || isOver(entry, holding, now)) return NO_TROUBLE;
  const isHome = holding.region === home;
  const found: Trouble[] = [];
  const failed = entry.parts.filter((part) => part.state === "error");
  const causes = failed.map((part) => `${part.volume}: ${part.cause ?? "no cause given"}`).join(", ");
  if (failed.length > 0) found.push({ cause: isHome ? "point-failed" : "copy-failed", reason: causes });
  if (isHome && entry.state === "incomplete" && (holding.completed[0]?.point.scheduled ?? 0) < entry.point.scheduled) {
    found.push({ cause: "point-failed", case: "incomplete", reason: sayUnusable(entry) });
  }
  if (isDoubled(entry)) {
    const ids = entry.point.parts.filter((part) => part.state !== "error").map((part) => part.snapshot);
    found.push({ cause: "duplicate-point", reason: `made more than once: ${ids.toSorted().join(", ")}` });
  }
  return found;
}

function aboutPoints(world: World, seen: Seen): Told[] {
  const told: Told[] = [];
  for (const { policy, resource, holdings } of seen.lineages) {
    for (const [region, holding] of holdings) {
      for (const entry of holding.entries) {
        for (const found of trouble(entry, holding, world)) {
          told.push({ region, policy, resource, point: entry.point.id, ...found });
        }
      }
    }
  }
  return told;
}

/** What a person should know, each once, in a stable order. */
export function planAlerts(
  world: World,
  seen: Seen,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: Book,
  more: readonly Told[] = [],
): Alert[] {
  return [
    ...aboutRegions(world),
    ...aboutSelection(world, selected),
    ...planDrops(world, selected),
    ...aboutPoints(world, seen),
    ...hangingSnapshots(world, seen),
    ...latePoints(world, seen, selected, book),
    ...overdueCopies(world, seen, book),
    ...planEndings(world, seen, book),
    ...more,
  ]
    .map((told): Alert => ({ do: "alert", ...told }))
    .toSorted(
      (a, b) =>
        compare(a.region, b.region) ||
        compare(a.cause, b.cause) ||
        compare(a.policy, b.policy) ||
        compare(a.resource, b.resource) ||
        compare(a.point, b.point),
    );
}
