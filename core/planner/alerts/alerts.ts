import { isHanging } from "../../inventory/hanging.js";
import { compare, knownView, type Lineages, type RegionPoints, unknownBecause } from "../../inventory/lineage.js";
import { heldBy, isDoubled, type PointState } from "../../inventory/point-state.js";
import type { Alert, Inventory, Resource } from "../../model/model.js";
import type { EffectivePolicies } from "../../retention/effective-policies.js";
import { formatUnusable } from "../prunes.js";
import { selectionDrift } from "./drift.js";
import { planEndings } from "./endings.js";
import { hangingSnapshots, latePoints } from "./late.js";
import { overdueCopies } from "./overdue-copies.js";
import { aboutSelection } from "./selection.js";

type Told = Omit<Alert, "do">;

const NONE = { policy: "", resource: "", point: "" } as const;

function aboutRegions(world: Inventory): Told[] {
  return Object.keys(world.regions)
    .filter((region) => knownView(world, region) === undefined)
    .map((region) => ({ ...NONE, region, cause: "region-unknown", reason: unknownBecause(world, region) }));
}

type Trouble = Pick<Alert, "cause" | "case" | "reason">;
const NO_TROUBLE: readonly Trouble[] = [];

/** So long it is told of what is made up for, and only stays because somebody holds it, as a lock does for years, or EBS hangs. */
const TOLD_MS = 86_400_000;

/**
 * Whether nothing is left to be done about an entry but to wait for the end of what holds it, or of a snapshot that hangs; and
 * people have had time to hear of it.
 */
function isOver(entry: PointState, { completed }: RegionPoints, now: number): boolean {
  const { status: state, point } = entry;
  if (heldBy(entry).length === 0 && !point.artifacts.some((one) => isHanging(one, now))) return false;
  const isMadeUpFor = state === "completed" || (completed[0]?.point.scheduled ?? 0) > point.scheduled;
  return isMadeUpFor && point.artifacts.every(({ startedAt }) => startedAt < now - TOLD_MS);
}

/** What is wrong with an entry; a copy that merely is not whole yet is in progress, not in trouble. */
function trouble(entry: PointState, holding: RegionPoints, { home, now }: Inventory): readonly Trouble[] {
  if ((entry.status === "completed" && !isDoubled(entry)) || isOver(entry, holding, now)) return NO_TROUBLE;
  const isHome = holding.region === home;
  const found: Trouble[] = [];
  const failed = entry.artifacts.filter((part) => part.state === "error");
  const causes = failed.map((part) => `${part.member}: ${part.cause ?? "no cause given"}`).join(", ");
  if (failed.length > 0) found.push({ cause: isHome ? "point-failed" : "copy-failed", reason: causes });
  if (isHome && entry.status === "incomplete" && (holding.completed[0]?.point.scheduled ?? 0) < entry.point.scheduled) {
    found.push({ cause: "point-failed", case: "incomplete", reason: formatUnusable(entry) });
  }
  if (isDoubled(entry)) {
    const ids = entry.point.artifacts.filter((part) => part.state !== "error").map((part) => part.id);
    found.push({ cause: "duplicate-point", reason: `made more than once: ${ids.toSorted().join(", ")}` });
  }
  return found;
}

function aboutPoints(world: Inventory, seen: Lineages): Told[] {
  const told: Told[] = [];
  for (const { policy, resource, regions: holdings } of seen.all) {
    for (const [region, holding] of holdings) {
      for (const entry of holding.points) {
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
  world: Inventory,
  seen: Lineages,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: EffectivePolicies,
  more: readonly Told[] = [],
): Alert[] {
  return [
    ...aboutRegions(world),
    ...aboutSelection(world, selected),
    ...selectionDrift(world, selected),
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
