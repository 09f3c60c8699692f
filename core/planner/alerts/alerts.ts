import { isHanging } from "../../inventory/hanging.js";
import { compare, type RegionPoints } from "../../inventory/lineage.js";
import { heldBy, isDoubled, type PointState } from "../../inventory/point-state.js";
import type { Told } from "../../model/kind.js";
import type { Alert } from "../../model/model.js";
import type { PlanContext } from "../context.js";
import { formatUnusable } from "../prunes.js";
import { planEndings } from "./endings.js";
import { hangingArtifacts, latePoints } from "./late.js";
import { overdueCopies } from "./overdue-copies.js";
import { aboutResources } from "./selection.js";

type Trouble = Pick<Alert, "cause" | "case" | "reason">;
const NO_TROUBLE: readonly Trouble[] = [];

/** So long it is told of what is made up for, and only stays because somebody holds it, as a lock does for years, or AWS hangs. */
const TOLD_MS = 86_400_000;

/**
 * Whether nothing is left to be done about an entry but to wait for the end of what holds it, or of an artifact that hangs; and
 * people have had time to hear of it.
 */
function isOver(entry: PointState, { completed }: RegionPoints, { inventory: { now }, rules }: PlanContext): boolean {
  const { status, point } = entry;
  if (heldBy(entry).length === 0 && !point.artifacts.some((one) => isHanging(one, now, rules))) return false;
  const isMadeUpFor = status === "completed" || (completed[0]?.point.scheduled ?? 0) > point.scheduled;
  return isMadeUpFor && point.artifacts.every(({ startedAt }) => startedAt < now - TOLD_MS);
}

/** What is wrong with an entry; a copy that merely is not whole yet is in progress, not in trouble. */
function trouble(entry: PointState, holding: RegionPoints, context: PlanContext): readonly Trouble[] {
  const { inventory, rules } = context;
  const { home } = inventory;
  if ((entry.status === "completed" && !isDoubled(entry)) || isOver(entry, holding, context)) return NO_TROUBLE;
  const isHome = holding.region === home;
  const found: Trouble[] = [];
  const failed = entry.artifacts.filter((part) => part.state === "error");
  const causes = failed.map((part) => `${part.member}: ${part.cause ?? "no cause given"}`).join(", ");
  if (failed.length > 0) found.push({ cause: isHome ? "point-failed" : "copy-failed", reason: causes });
  if (isHome && entry.status === "incomplete" && (holding.completed[0]?.point.scheduled ?? 0) < entry.point.scheduled) {
    found.push({ cause: "point-failed", case: "incomplete", reason: formatUnusable(entry, rules) });
  }
  if (isDoubled(entry)) {
    const ids = entry.point.artifacts.filter((part) => part.state !== "error").map((part) => part.id);
    found.push({ cause: "duplicate-point", reason: `made more than once: ${ids.toSorted().join(", ")}` });
  }
  return found;
}

function aboutPoints(context: PlanContext): Told[] {
  const told: Told[] = [];
  for (const { policy, resource, regions } of context.lineages.all) {
    for (const [region, holding] of regions) {
      for (const entry of holding.points) {
        for (const found of trouble(entry, holding, context)) {
          told.push({ region, policy, resource, point: entry.point.id, ...found });
        }
      }
    }
  }
  return told;
}

/** What a person should know of one kind, each once, in a stable order. */
export const planAlerts = (context: PlanContext): Alert[] =>
  inOrder([
    ...aboutResources(context),
    ...aboutPoints(context),
    ...hangingArtifacts(context),
    ...latePoints(context),
    ...overdueCopies(context),
    ...planEndings(context),
  ]).map((alert) => ({ ...alert, kind: context.rules.kind }));

/** Alerts in a stable order. */
export const inOrder = (told: readonly Told[]): Alert[] =>
  told
    .map((one): Alert => ({ do: "alert", ...one }))
    .toSorted(
      (a, b) =>
        compare(a.region, b.region) ||
        compare(a.cause, b.cause) ||
        compare(a.policy, b.policy) ||
        compare(a.resource, b.resource) ||
        compare(a.point, b.point),
    );
