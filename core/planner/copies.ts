import { recordedAt } from "../config/recorded.js";
import { isHanging } from "../inventory/hanging.js";
import { compare, knownView, type Lineage, type RegionPoints } from "../inventory/lineage.js";
import { type PointState, setFor } from "../inventory/point-state.js";
import type { Artifact, Copy, CopyRule, Point, Policy } from "../model/model.js";
import { pauseAfter } from "../schedule/backoff.js";
import type { PlanContext } from "./context.js";

interface Wish {
  readonly copy: Copy;
  /** How old the newest completed copy is; what was never copied comes first. */
  readonly protectedUntil: number;
}

/** Failed attempts to copy an artifact, the last of them last. */
const failures = (entry: PointState | undefined, member: string): readonly Artifact[] =>
  (entry?.point.artifacts ?? [])
    .filter((part) => part.member === member && part.state === "error")
    .toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.id, b.id));

/** A set of which nothing was begun for so long, and nothing is in flight, may be one that AWS never lets be finished. */
const STALLED_MS = 24 * 3_600_000;

function isBeingCopied({ artifacts }: PointState, { inventory: { now }, rules }: PlanContext): boolean {
  if (artifacts.some((part) => part.state === "error")) return false;
  return artifacts.some(
    (part) => (part.state === "pending" && !isHanging(part, now, rules)) || part.startedAt > now - STALLED_MS,
  );
}

/**
 * Which point of a lineage to copy: the newest, since older ones are superseded by it. Only a set that was begun is finished
 * first, or a lineage whose points come faster than its copies would never have a whole one; unless that try failed, or stands
 * still.
 */
function target(home: RegionPoints, there: RegionPoints, context: PlanContext): PointState | undefined {
  const have = there.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
  const candidates = home.completed.filter((entry) => entry.point.scheduled > have);
  const begun = candidates.find((entry) => {
    const copy = there.byId.get(entry.point.id);
    return copy !== undefined && isBeingCopied(copy, context);
  });
  return begun ?? candidates[0];
}

function wishesOf(context: PlanContext, lineage: Lineage, policy: Policy, rule: CopyRule): Wish[] {
  const { inventory, lineages } = context;
  const there = lineages.pointsIn(lineage, rule.region);
  const source = target(lineages.pointsIn(lineage, inventory.home), there, context);
  if (source === undefined) return [];
  const copy = there.byId.get(source.point.id);
  return setFor(source, copy)
    .toSorted((a, b) => compare(a.member, b.member))
    .flatMap((artifact): Wish[] => {
      const made = copy?.point.artifacts.some((other) => other.source === artifact.id && other.state !== "error");
      const failed = failures(copy, artifact.member);
      const before = failed.at(-1);
      const pauses = before !== undefined && before.startedAt + pauseAfter(failed.length) > inventory.now;
      if (made || pauses) return [];
      const reason =
        before === undefined ? `not in ${rule.region} yet` : `try ${failed.length + 1}: ${before.cause ?? "failed"}`;
      return [
        {
          protectedUntil: there.completed[0]?.start ?? Number.NEGATIVE_INFINITY,
          copy: copyOf(context, policy, rule, { point: source.point, artifact, after: before?.id, reason }),
        },
      ];
    });
}

interface Wanted extends Pick<Copy, "artifact" | "reason"> {
  readonly point: Point;
  readonly after: string | undefined;
}

function copyOf(
  { inventory, rules, resources }: PlanContext,
  policy: Policy,
  { region, kmsKey }: CopyRule,
  { point, artifact, after, reason }: Wanted,
): Copy {
  const { home } = inventory;
  const { kind, scheduled, size, level, resource } = point;
  const detail = rules.copyDetail({ ...inventory, policy, resource: resources.get(resource), point, region });
  return {
    ...{ do: "copy", region, policy: policy.name, resource, point: point.id, reason },
    ...{ kind, home, from: home, scheduled, size, level, artifact },
    ...(after === undefined ? {} : { after }),
    ...(kmsKey === undefined ? {} : { kmsKey }),
    ...(detail === undefined ? {} : { detail }),
    recorded: recordedAt(policy, region, home),
  };
}

const byDeadline = (a: Wish, b: Wish): number =>
  compare(a.protectedUntil, b.protectedUntil) ||
  compare(a.copy.resource, b.copy.resource) ||
  compare(a.copy.policy, b.copy.policy) ||
  compare(a.copy.artifact.member, b.copy.artifact.member);

/**
 * The copies to start now, into each region as many as its free slots: first for the resource whose newest copy is oldest.
 * One copy of a member at a time, since the next builds on it; but what hangs is not waited for. What is planned is noted in `inFlight`.
 */
export function planCopies(context: PlanContext): Copy[] {
  const { inventory, home, inFlight } = context;
  if (home === undefined) return [];
  const copies: Copy[] = [];
  for (const [region, wanted] of [...wishesIn(context)].toSorted(([a], [b]) => compare(a, b))) {
    // The service counts copies of all origins; a survey may lag behind our own.
    const busy = Math.max(knownView(inventory, region)?.copiesInFlight ?? 0, inFlight.count(region));
    let free = inventory.limits.copySlots - inventory.limits.copyReserve - busy;
    for (const { copy } of wanted.toSorted(byDeadline)) {
      if (free <= 0) break;
      if (inFlight.blocks(region, copy.artifact.member)) continue;
      inFlight.add(region, copy.point, copy.artifact);
      copies.push(copy);
      free -= 1;
    }
  }
  return copies;
}

/** By the region they go to. */
function wishesIn(context: PlanContext): ReadonlyMap<string, readonly Wish[]> {
  const { inventory, lineages, effective } = context;
  const wishes = new Map<string, Wish[]>();
  for (const lineage of lineages.all) {
    const policy = effective.policyOf(lineage);
    const isOver = (region: string): boolean => effective.isOver(lineage, region);
    if (policy === undefined || isOver(inventory.home)) continue;
    for (const rule of policy.copy) {
      const { region } = rule;
      if (region === inventory.home || knownView(inventory, region) === undefined || isOver(region)) continue;
      const list = wishes.get(region) ?? [];
      wishes.set(region, list);
      list.push(...wishesOf(context, lineage, policy, rule));
    }
  }
  return wishes;
}
