import { recordedAt } from "../config/recorded.js";
import { isHanging } from "../inventory/hanging.js";
import {
  compare,
  type InFlight,
  knownView,
  type Lineage,
  type Lineages,
  type RegionPoints,
} from "../inventory/lineage.js";
import { type PointState, setFor } from "../inventory/point-state.js";
import { valuesOf } from "../model/labels.js";
import type { Artifact, Copy, CopyRule, Inventory, Point, Policy } from "../model/model.js";
import { copySectionOf, sectionOf } from "../model/sections.js";
import type { EffectivePolicies } from "../retention/effective-policies.js";
import { pauseAfter } from "../schedule/backoff.js";

interface Wish {
  readonly copy: Copy;
  /** How old the newest completed copy is; what was never copied comes first. */
  readonly protectedUntil: number;
}

/** Failed tries to copy a part, whose newest start sets the pause. */
const failures = (entry: PointState | undefined, volume: string): readonly Artifact[] =>
  entry?.point.artifacts.filter((part) => part.member === volume && part.state === "error") ?? [];

/** A set of which nothing was begun for so long, and nothing is in flight, may be one that AWS never lets be finished. */
const STALLED_MS = 24 * 3_600_000;

function isBeingCopied({ artifacts: parts }: PointState, now: number): boolean {
  if (parts.some((part) => part.state === "error")) return false;
  return parts.some((part) => (part.state === "pending" && !isHanging(part, now)) || part.startedAt > now - STALLED_MS);
}

/**
 * Which point of a lineage to copy: the newest, since older ones are superseded by it. Only a set that was begun is finished
 * first, or a lineage whose points come faster than its copies would never have a whole one; unless that try failed, or stands
 * still.
 */
function target(home: RegionPoints, there: RegionPoints, now: number): PointState | undefined {
  const have = there.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
  const candidates = home.completed.filter((entry) => entry.point.scheduled > have);
  const begun = candidates.find((entry) => {
    const copy = there.byId.get(entry.point.id);
    return copy !== undefined && isBeingCopied(copy, now);
  });
  return begun ?? candidates[0];
}

function wishesOf(lineage: Lineage, policy: Policy, rule: CopyRule, world: Inventory, seen: Lineages): Wish[] {
  const { region, kmsKey } = rule;
  const { lock } = copySectionOf(rule);
  const { copyTags } = sectionOf(policy);
  const there = seen.pointsIn(lineage, region);
  const source = target(seen.pointsIn(lineage, world.home), there, world.now);
  if (source === undefined) return [];
  const copy = there.byId.get(source.point.id);
  const wishes: Wish[] = [];
  for (const part of setFor(source, copy).toSorted((a, b) => compare(a.member, b.member))) {
    const made = copy?.point.artifacts.some((other) => other.source === part.id && other.state !== "error");
    const failed = failures(copy, part.member);
    const last = failed.reduce((latest, other) => Math.max(latest, other.startedAt), Number.NEGATIVE_INFINITY);
    if (made || (failed.length > 0 && last + pauseAfter(failed.length) > world.now)) continue;
    const { point } = source;
    wishes.push({
      protectedUntil: there.completed[0]?.start ?? Number.NEGATIVE_INFINITY,
      copy: {
        do: "copy",
        region,
        policy: policy.name,
        resource: lineage.resource,
        point: point.id,
        reason:
          failed.length > 0 ? `try ${failed.length + 1}: ${failed.at(-1)?.cause ?? "failed"}` : `not in ${region} yet`,
        kind: point.kind,
        home: world.home,
        from: world.home,
        scheduled: point.scheduled,
        size: point.size,
        level: point.level,
        artifact: part,
        ...(kmsKey === undefined ? {} : { kmsKey }),
        ...(copyTags === undefined ? {} : { copyTags }),
        ...labelsFor(policy, world, point, region),
        ...(lock === undefined ? {} : { lock }),
        recorded: recordedAt(policy, region, world.home),
      },
    });
  }
  return wishes;
}

/** What a copy's tags are made of; its device is known where it is made. */
function labelsFor(policy: Policy, { resources, home }: Inventory, point: Point, region: string): Pick<Copy, "labels"> {
  const templates = policy.pointTags;
  if (templates === undefined) return {};
  const { resource: id, kind, scheduled } = point;
  const resource = resources.find((one) => one.id === id) ?? { id, kind };
  return { labels: { templates, values: valuesOf({ policy, resource, point: point.id, scheduled, region, home }) } };
}

const byDeadline = (a: Wish, b: Wish): number =>
  compare(a.protectedUntil, b.protectedUntil) ||
  compare(a.copy.resource, b.copy.resource) ||
  compare(a.copy.policy, b.copy.policy) ||
  compare(a.copy.artifact.member, b.copy.artifact.member);

/**
 * The copies to start now, into each region as many as its free slots: first for the resource whose newest copy is oldest.
 * One copy of a volume at a time, since the next builds on it; but what hangs is not waited for. What is planned is noted in `inFlight`.
 */
export function planCopies(world: Inventory, seen: Lineages, inFlight: InFlight, book: EffectivePolicies): Copy[] {
  if (knownView(world, world.home) === undefined) return [];
  const wishes = new Map<string, Wish[]>();
  for (const lineage of seen.all) {
    const policy = book.policyOf(lineage);
    const isOver = (region: string): boolean => book.isOver(lineage, region);
    if (isOver(world.home)) continue;
    for (const rule of policy?.copy ?? []) {
      const { region } = rule;
      if (policy === undefined || region === world.home || knownView(world, region) === undefined) continue;
      if (isOver(region)) continue;
      const list = wishes.get(region) ?? [];
      wishes.set(region, list);
      list.push(...wishesOf(lineage, policy, rule, world, seen));
    }
  }
  const copies: Copy[] = [];
  for (const [region, wanted] of [...wishes].toSorted(([a], [b]) => compare(a, b))) {
    // The service counts copies of all origins; a survey may lag behind our own.
    const busy = Math.max(knownView(world, region)?.copiesInFlight ?? 0, inFlight.count(region));
    let free = world.limits.copySlots - world.limits.copyReserve - busy;
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
