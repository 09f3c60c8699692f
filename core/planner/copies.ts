import { recordedAt } from "../config/recorded.js";
import { isHanging } from "../inventory/hanging.js";
import {
  compare,
  type Entry,
  type Holding,
  type InFlight,
  known,
  type Lineage,
  type Seen,
} from "../inventory/lineage.js";
import { setFor } from "../inventory/shape.js";
import { valuesOf } from "../model/labels.js";
import type { Copy, CopyRule, Part, Point, Policy, World } from "../model/model.js";
import type { Book } from "../retention/terms.js";
import { pauseAfter } from "../schedule/backoff.js";

interface Wish {
  readonly copy: Copy;
  /** How old the newest completed copy is; what was never copied comes first. */
  readonly protectedUntil: number;
}

/** Failed tries to copy a part, whose newest start sets the pause. */
const failures = (entry: Entry | undefined, volume: string): readonly Part[] =>
  entry?.point.parts.filter((part) => part.volume === volume && part.state === "error") ?? [];

/** A set of which nothing was begun for so long, and nothing is in flight, may be one that AWS never lets be finished. */
const STALLED_MS = 24 * 3_600_000;

function isBeingCopied({ parts }: Entry, now: number): boolean {
  if (parts.some((part) => part.state === "error")) return false;
  return parts.some((part) => (part.state === "pending" && !isHanging(part, now)) || part.startedAt > now - STALLED_MS);
}

/**
 * Which point of a lineage to copy: the newest, since older ones are superseded by it. Only a set that was begun is finished
 * first, or a lineage whose points come faster than its copies would never have a whole one; unless that try failed, or stands
 * still.
 */
function target(home: Holding, there: Holding, now: number): Entry | undefined {
  const have = there.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
  const candidates = home.completed.filter((entry) => entry.point.scheduled > have);
  const begun = candidates.find((entry) => {
    const copy = there.byId.get(entry.point.id);
    return copy !== undefined && isBeingCopied(copy, now);
  });
  return begun ?? candidates[0];
}

function wishesOf(lineage: Lineage, policy: Policy, rule: CopyRule, world: World, seen: Seen): Wish[] {
  const { region, kmsKey, lock } = rule;
  const there = seen.holding(lineage, region);
  const source = target(seen.holding(lineage, world.home), there, world.now);
  if (source === undefined) return [];
  const copy = there.byId.get(source.point.id);
  const wishes: Wish[] = [];
  for (const part of setFor(source, copy).toSorted((a, b) => compare(a.volume, b.volume))) {
    const made = copy?.point.parts.some((other) => other.source === part.snapshot && other.state !== "error");
    const failed = failures(copy, part.volume);
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
        part,
        ...(kmsKey === undefined ? {} : { kmsKey }),
        ...(policy.copyTags === undefined ? {} : { copyTags: policy.copyTags }),
        ...labelsFor(policy, world, point, region),
        ...(lock === undefined ? {} : { lock }),
        recorded: recordedAt(policy, region, world.home),
      },
    });
  }
  return wishes;
}

/** What a copy's tags are made of; its device is known where it is made. */
function labelsFor(policy: Policy, { resources, home }: World, point: Point, region: string): Pick<Copy, "labels"> {
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
  compare(a.copy.part.volume, b.copy.part.volume);

/**
 * The copies to start now, into each region as many as its free slots: first for the resource whose newest copy is oldest.
 * One copy of a volume at a time, since the next builds on it; but what hangs is not waited for. What is planned is noted in `inFlight`.
 */
export function planCopies(world: World, seen: Seen, inFlight: InFlight, book: Book): Copy[] {
  if (known(world, world.home) === undefined) return [];
  const wishes = new Map<string, Wish[]>();
  for (const lineage of seen.lineages) {
    const policy = book.policyOf(lineage);
    const isOver = (region: string): boolean => book.isOver(lineage, region);
    if (isOver(world.home)) continue;
    for (const rule of policy?.copy ?? []) {
      const { region } = rule;
      if (policy === undefined || region === world.home || known(world, region) === undefined) continue;
      if (isOver(region)) continue;
      const list = wishes.get(region) ?? [];
      wishes.set(region, list);
      list.push(...wishesOf(lineage, policy, rule, world, seen));
    }
  }
  const copies: Copy[] = [];
  for (const [region, wanted] of [...wishes].toSorted(([a], [b]) => compare(a, b))) {
    // The service counts copies of all origins; a survey may lag behind our own.
    const busy = Math.max(known(world, region)?.copiesInFlight ?? 0, inFlight.count(region));
    let free = world.limits.copySlots - world.limits.copyReserve - busy;
    for (const { copy } of wanted.toSorted(byDeadline)) {
      if (free <= 0) break;
      if (inFlight.blocks(region, copy.part.volume)) continue;
      inFlight.add(region, copy.point, copy.part);
      copies.push(copy);
      free -= 1;
    }
  }
  return copies;
}
