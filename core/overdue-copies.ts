import { type Entry, known, type Lineage, type Seen } from "./lineage.js";
import type { Alert, Policy, World } from "./model.js";
import { dueAfter } from "./rpo.js";
import { scheduleOf } from "./schedule.js";
import type { Book } from "./terms.js";

const HOUR_MS = 3_600_000;
/** A first copy is a full one, and EBS may take its time. */
const LEAST_MS = 24 * HOUR_MS;

/** Where points are rarer than a day, a copy may take until the next point is overdue. */
function isLate(start: number, policy: Policy, now: number): boolean {
  if (now - start <= LEAST_MS) return false;
  const schedule = scheduleOf(policy);
  return now > ((schedule && dueAfter(schedule, start, "home")?.deadline) ?? start);
}

/** The completed points of the home region that neither have a completed copy in a region nor a newer one there. */
function waiting(seen: Seen, lineage: Lineage, home: string, region: string): readonly Entry[] {
  const there = seen.holding(lineage, region);
  const newest = there.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
  return seen
    .holding(lineage, home)
    .completed.filter(({ point }) => point.scheduled > newest && there.byId.get(point.id)?.state !== "completed");
}

/**
 * Points whose copies nobody made in time, one alert for a resource. Nothing of what waits for a copy is deleted, so without it
 * a DR stack that is missing, dead or of other settings would show in the bill only. Home tells, since DR may not be able to. Of a
 * resource that is no more the copies may have come to their end before the points at home.
 */
export function overdueCopies(world: World, seen: Seen, book: Book): Omit<Alert, "do">[] {
  if (known(world, world.home) === undefined) return [];
  return seen.lineages.flatMap((lineage) => {
    const policy = book.isSpent(lineage) ? undefined : book.policyOf(lineage);
    if (policy === undefined || policy.copy.every(({ region }) => region === world.home)) return [];
    return aboutLineage(world, seen, lineage, policy);
  });
}

function aboutLineage(world: World, seen: Seen, lineage: Lineage, policy: Policy): Omit<Alert, "do">[] {
  const { home, now } = world;
  const late = policy.copy
    .filter(({ region }) => region !== home && known(world, region) !== undefined)
    .flatMap(({ region }) => {
      const held = waiting(seen, lineage, home, region);
      const oldest = held.at(-1);
      return oldest !== undefined && isLate(oldest.start, policy, now) ? [{ region, held, oldest }] : [];
    })
    .toSorted((a, b) => (a.region < b.region ? -1 : 1));
  const [first] = late;
  if (first === undefined) return [];
  const reason = late
    .map(({ region, held, oldest }) => {
      const since = new Date(oldest.point.scheduled).toISOString();
      return `${held.length} point(s) since ${since} are kept because no copy of them to ${region} was seen completed`;
    })
    .join("; ");
  const { policy: name, resource } = lineage;
  return [{ region: home, policy: name, resource, point: first.oldest.point.id, cause: "copy-overdue", reason }];
}
