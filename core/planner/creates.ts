import { recordedAt } from "../config/recorded.js";
import { compare, knownView, type Lineages, type RegionPoints } from "../inventory/lineage.js";
import { render, split, valuesOf } from "../model/labels.js";
import type { Create, Inventory, Member, Policy, Resource, RunRequest } from "../model/model.js";
import { sectionOf } from "../model/sections.js";
import { pointId } from "../names/identity.js";
import type { EffectivePolicies } from "../retention/effective-policies.js";
import { pauseAfter } from "../schedule/backoff.js";
import { newestSlot, scheduleOf } from "../schedule/schedule.js";
import { covered } from "../selection/exclude.js";
import { carriedTags, ownOf } from "./carried-tags.js";
import { type Cover, Covers, standsIn } from "./covers.js";

/** A request that was not served within the hour is the schedule's business again. */
export const REQUEST_LIFE_MS = 3_600_000;

/**
 * A request bears the time of the function that took it; the world's is of the one that surveys, which may have begun a little
 * before it found the request, or whose clock may be behind. What is further off is a wrong clock's, and a point made for it
 * would stand in for slots that are still to come.
 */
export const REQUEST_AHEAD_MS = 3 * 60_000;

interface Slot {
  readonly at: number;
  readonly reason: string;
}

function scheduleSlot(policy: Policy, now: number): number | undefined {
  const schedule = scheduleOf(policy);
  return schedule && newestSlot(schedule, now);
}

const asks = (request: RunRequest, policy: string, resource: string, now: number): boolean =>
  request.at <= now + REQUEST_AHEAD_MS &&
  now - request.at <= REQUEST_LIFE_MS &&
  (request.policy === undefined || request.policy === policy) &&
  (request.resources === undefined || request.resources.includes(resource));

const formatDue = ({ schedule, timezone }: Policy): string =>
  `due by ${schedule}${timezone === undefined ? "" : ` in ${timezone}`}`;

interface Wanting {
  readonly policy: Policy;
  readonly resource: Resource;
  /** Those of its volumes that are not excluded. */
  readonly volumes: readonly Member[];
}

/** The newest slot that is owed to a resource, met or not. */
function owed({ policy, resource, volumes }: Wanting, due: number | undefined, world: Inventory): Slot | undefined {
  const existsSince = volumes.reduce((first, v) => Math.min(first, v.createdAt), Number.POSITIVE_INFINITY);
  const slots: Slot[] = [];
  if (due !== undefined && due >= existsSince) slots.push({ at: due, reason: formatDue(policy) });
  for (const request of world.requests) {
    if (asks(request, policy.name, resource.id, world.now)) slots.push({ at: request.at, reason: "asked for" });
  }
  return slots.reduce<Slot | undefined>(
    (best, slot) => (best === undefined || slot.at > best.at ? slot : best),
    undefined,
  );
}

/**
 * A slot is met by any point at or after it that did not fail. What failed is tried again as a point of its own, with a later
 * time and so another identity: snapshots of two tries must never meet in one set.
 */
function unmet(slot: Slot, home: RegionPoints, now: number): Slot | undefined {
  const tries = home.points.filter((entry) => entry.point.scheduled >= slot.at);
  if (tries.some((entry) => entry.status === "completed" || entry.status === "pending")) return undefined;
  const [last] = tries;
  if (last === undefined) return slot;
  const ended = last.point.artifacts.reduce((latest, part) => Math.max(latest, part.startedAt), last.point.scheduled);
  const at = ended + pauseAfter(tries.length);
  return at > now ? undefined : { at, reason: `try ${tries.length + 1}: ${last.point.id} is ${last.status}` };
}

/** The points to make now: of each resource and policy the newest slot only, if nothing meets it yet. */
export function planCreates(
  world: Inventory,
  seen: Lineages,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: EffectivePolicies,
): Create[] {
  if (knownView(world, world.home) === undefined) return [];
  const creates: Create[] = [];
  const covers = new Covers(world, selected, book);
  for (const { policy, resources } of inOrder(world.policies, selected)) {
    const due = scheduleSlot(policy, world.now);
    for (const resource of resources) {
      const { volumes, excluded, problem } = covered(policy, resource);
      // planAlerts tells of both.
      if (volumes.length === 0 || problem !== undefined) continue;
      const slot = owed({ policy, resource, volumes }, due, world);
      const home = seen.pointsIn(seen.of(policy.name, resource.id), world.home);
      const wanted = slot && unmet(slot, home, world.now);
      if (slot === undefined || wanted === undefined) continue;
      if (resource.kind === "volume") {
        const asked = { volume: resource.id, slot: slot.at, now: world.now };
        const homeOf = (cover: Cover): RegionPoints => seen.pointsIn(seen.of(cover.policy, cover.resource), world.home);
        if (standsIn(covers.of(policy, resource.id), asked, creates, homeOf)) continue;
      }
      creates.push({
        ...createOf(
          { policy: book.policyOf({ policy: policy.name, resource: resource.id }) ?? policy, resource, volumes },
          wanted,
          world,
        ),
        ...(excluded.boot || excluded.volumes.length > 0 ? { exclude: excluded } : {}),
      });
    }
  }
  return creates.toSorted((a, b) => compare(a.resource, b.resource) || compare(a.policy, b.policy));
}

/** Sets first: what they have, single volumes need not have again. */
function inOrder(policies: readonly Policy[], selected: ReadonlyMap<string, readonly Resource[]>) {
  return (["instance", "volume"] as const).flatMap((kind) =>
    policies.flatMap((policy) => {
      const resources = (selected.get(policy.name) ?? []).filter((one) => one.kind === kind);
      return resources.length === 0 ? [] : [{ policy, resources }];
    }),
  );
}

/** A single snapshot can have all its tags in the call that makes it, those of its volume too. */
function labelsOf({ policy, resource, volumes }: Wanting, { at }: Slot, point: string, { home }: Inventory) {
  const { pointTags } = policy;
  if (pointTags === undefined) return undefined;
  const [only, ...others] = volumes;
  const values = valuesOf({ policy, resource, point, scheduled: at, region: home, home });
  if (only === undefined || others.length > 0) return render({ templates: split(pointTags).ofPoint, values });
  return render({ templates: pointTags, values }, { "volume-id": only.id, device: only.device });
}

function createOf(wanting: Wanting, slot: Slot, world: Inventory): Create {
  const { policy, resource, volumes } = wanting;
  const { at, reason } = slot;
  const point = pointId({ policy: policy.name, home: world.home, resource: resource.id, scheduled: at });
  const labels = labelsOf(wanting, slot, point, world);
  const { copyTags, lock } = sectionOf(policy);
  const carried = carriedTags(volumes, copyTags, ownOf(world, policy));
  return {
    do: "create",
    region: world.home,
    policy: policy.name,
    resource: resource.id,
    point,
    reason,
    kind: resource.kind,
    name: resource.name,
    scheduled: at,
    members: volumes.toSorted((a, b) => compare(a.id, b.id)),
    ...(carried === undefined ? {} : { carried }),
    ...(labels === undefined ? {} : { labels }),
    ...(lock === undefined ? {} : { lock }),
    recorded: recordedAt(policy, world.home, world.home),
  };
}
