import { type Entry, InFlight, known, look, type Seen } from "./lineage.js";
import type { Action, Policy, World } from "./model.js";
import { planCopies } from "./plan-copy.js";
import { FINISH_MS } from "./plan-finish.js";
import { newestSlot, parseSchedule } from "./schedule.js";
import { selection } from "./select.js";
import { Book } from "./terms.js";

/** What is known of a region beside its snapshots and, in a home region, its instances. */
export interface Known {
  /** Ages, sizes and tags of volumes, and those that no instance has. */
  readonly volumes: boolean;
  /** Unfinished copies of everybody: they take slots. */
  readonly pending: boolean;
  /** What AMIs hold. */
  readonly images: boolean;
  readonly locks: boolean;
}

/**
 * What must be known of a controller's own region before its plan may be relied on: at least what any action of that plan
 * needs, by rules that are simpler than the plan's. `locked`: something that was to be deleted is known to be locked.
 */
export function needsOf(world: World, region: string, locked = false): Known {
  const seen = look(world);
  const selected = selection(world);
  const lock = world.policies.some((policy) => locksIn(policy, region, world.home));
  const ends = mayDelete(world, seen, region);
  const points = known(world, region)?.points ?? [];
  const isFresh = points.some(({ parts }) => parts.some(({ startedAt }) => world.now - startedAt <= FINISH_MS));
  return {
    volumes: region === world.home && mayCreate(world, seen, selected),
    pending: region !== world.home && hasCopies(world, seen, region, selected),
    images: ends,
    locks: (lock && isFresh) || (ends && (lock || locked || points.some(({ parts }) => parts.length > 1))),
  };
}

type Selected = ReturnType<typeof selection>;

/** Whether copies into a region would be started now. */
export const startsCopies = (world: World, region: string): boolean =>
  hasCopies(world, look(world), region, selection(world));

function hasCopies(world: World, seen: Seen, region: string, selected: Selected): boolean {
  const copies = planCopies(world, seen, new InFlight(world, seen), new Book(world, selected));
  return copies.some((copy) => copy.region === region);
}

const locksIn = ({ lock, copy }: Policy, region: string, home: string): boolean =>
  region === home ? lock !== undefined : copy.some((rule) => rule.region === region && rule.lock !== undefined);

/** Somebody asked for points, or the newest slot of a policy is not met for all that it selects. */
function mayCreate(world: World, seen: Seen, selected: Selected): boolean {
  if (known(world, world.home) === undefined) return false;
  if (world.requests.length > 0) return true;
  return world.policies.some((policy) => {
    if (policy.schedule === undefined) return false;
    const parsed = parseSchedule(policy.schedule, policy.timezone);
    const due = parsed.ok ? newestSlot(parsed.schedule, world.now) : world.now;
    if (due === undefined) return false;
    return (selected.get(policy.name) ?? []).some(({ id }) => {
      const { entries } = seen.holding(seen.of(policy.name, id), world.home);
      return !entries.some((entry) => entry.point.scheduled >= due && isWell(entry));
    });
  });
}

/** Only where all that a lineage has is one point, with nothing wrong, of a resource that is there, nothing can go. */
function mayDelete(world: World, seen: Seen, region: string): boolean {
  const there = new Set(world.resources.flatMap(({ id, volumes }) => [id, ...volumes.map((volume) => volume.id)]));
  for (const id of world.otherVolumes ?? []) there.add(id);
  return seen.lineages.some(({ resource, holdings }) => {
    const { entries = [] } = holdings.get(region) ?? {};
    return entries.length > 1 || entries.some((entry) => !isWell(entry) || !there.has(resource));
  });
}

const isWell = ({ state, surplus }: Entry): boolean =>
  (state === "completed" || state === "pending") && surplus.length === 0;

/**
 * Whether enough is known of a region to carry out an action there. A single snapshot that is locked or that an AMI uses AWS
 * itself refuses to delete; of a set none may go before one that AWS keeps.
 */
export function mayDo(action: Action, { volumes, pending, images, locks }: Known): boolean {
  if (action.do === "create") return volumes;
  if (action.do === "copy") return pending;
  // Its other work, tags that a snapshot lacks, its own description tells.
  if (action.do === "finish") return action.lock === undefined || locks;
  const ends = action.do === "delete" || action.do === "hold";
  return !ends || (images && (locks || action.snapshots.length === 1));
}
