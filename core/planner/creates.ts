import { recordedAt } from "../config/recorded.js";
import { compare, type RegionPoints } from "../inventory/lineage.js";
import type { Create, Inventory, Member, Policy, Resource, RunRequest } from "../model/model.js";
import { pointId } from "../names/identity.js";
import { pauseAfter } from "../schedule/backoff.js";
import { newestSlot, scheduleOf } from "../schedule/schedule.js";
import type { PlanContext } from "./context.js";
import { standsIn } from "./stand-ins.js";

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
  /** Those of its members that the point is made of. */
  readonly members: readonly Member[];
}

/** The newest slot that is owed to a resource, met or not. */
function owed({ policy, resource, members }: Wanting, due: number | undefined, inventory: Inventory): Slot | undefined {
  const existsSince = members.reduce((first, one) => Math.min(first, one.createdAt), Number.POSITIVE_INFINITY);
  const slots: Slot[] = [];
  if (due !== undefined && due >= existsSince) slots.push({ at: due, reason: formatDue(policy) });
  for (const request of inventory.requests) {
    if (asks(request, policy.name, resource.id, inventory.now)) slots.push({ at: request.at, reason: "asked for" });
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
export function planCreates(context: PlanContext): Create[] {
  const { inventory, rules, home, lineages, effective, refused, standIns } = context;
  if (home === undefined) return [];
  const creates: Create[] = [];
  for (const { policy, resources } of inOrder(context)) {
    const due = scheduleSlot(policy, inventory.now);
    for (const resource of resources) {
      const { members, problem } = rules.protects(policy, resource);
      // planAlerts tells of both.
      if (members.length === 0 || problem !== undefined) continue;
      if (refused("create", inventory.home, resource.id) !== undefined) continue;
      const slot = owed({ policy, resource, members }, due, inventory);
      const atHome = lineages.pointsIn(lineages.of(policy.name, resource.id), inventory.home);
      const wanted = slot && unmet(slot, atHome, inventory.now);
      if (slot === undefined || wanted === undefined) continue;
      if (standsIn(context, standIns(policy, resource), { resource: resource.id, slot: slot.at }, creates)) continue;
      const ruled = effective.ofSelected(policy, resource.id);
      creates.push(createOf({ policy: ruled, resource, members }, wanted, context));
    }
  }
  return creates.toSorted((a, b) => compare(a.resource, b.resource) || compare(a.policy, b.policy));
}

/** What may stand in for others first: what it has, they need not have again. */
function inOrder({ inventory, rules, selected }: PlanContext) {
  return rules.resourceKinds.flatMap((kind) =>
    inventory.policies.flatMap((policy) => {
      const resources = (selected.get(policy.name) ?? []).filter((one) => one.kind === kind);
      return resources.length === 0 ? [] : [{ policy, resources }];
    }),
  );
}

function createOf({ policy, resource, members }: Wanting, { at, reason }: Slot, context: PlanContext): Create {
  const { inventory, rules } = context;
  const { home } = inventory;
  const point = pointId({ policy: policy.name, home, resource: resource.id, scheduled: at });
  const detail = rules.createDetail({ ...inventory, policy, resource, members, point, scheduled: at });
  return {
    do: "create",
    region: home,
    policy: policy.name,
    resource: resource.id,
    point,
    reason,
    kind: resource.kind,
    name: resource.name,
    scheduled: at,
    members: members.toSorted((a, b) => compare(a.id, b.id)),
    ...(detail === undefined ? {} : { detail }),
    recorded: recordedAt(policy, home, home),
  };
}
