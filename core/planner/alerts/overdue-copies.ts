import { formatRunning, lastFailure } from "../../inventory/hanging.js";
import { knownView, type Lineage, type Lineages } from "../../inventory/lineage.js";
import type { PointState } from "../../inventory/point-state.js";
import type { Case } from "../../model/causes.js";
import type { Told } from "../../model/kind.js";
import type { Artifact, Policy } from "../../model/model.js";
import { dueAfter } from "../../schedule/rpo.js";
import { scheduleOf } from "../../schedule/schedule.js";
import type { PlanContext } from "../context.js";

const HOUR_MS = 3_600_000;
/** A first copy is a full one, and AWS may take its time. */
const LEAST_MS = 24 * HOUR_MS;

/** Where points are rarer than a day, a copy may take until the next point is overdue. */
function isLate(start: number, policy: Policy, now: number): boolean {
  if (now - start <= LEAST_MS) return false;
  const schedule = scheduleOf(policy);
  return now > ((schedule && dueAfter(schedule, start, "home")?.deadline) ?? start);
}

/** The completed points of the home region that neither have a completed copy in a region nor a newer one there. */
function waiting(lineages: Lineages, lineage: Lineage, home: string, region: string): readonly PointState[] {
  const there = lineages.pointsIn(lineage, region);
  const newest = there.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
  return lineages
    .pointsIn(lineage, home)
    .completed.filter(({ point }) => point.scheduled > newest && there.byId.get(point.id)?.status !== "completed");
}

/**
 * Points whose copies nobody made in time, one alert for a resource. Nothing of what waits for a copy is deleted, so without it
 * a DR stack that is missing, dead or of other settings would show in the bill only. Home tells, since DR may not be able to. Of a
 * resource that is no more the copies may have come to their end before the points at home.
 */
export function overdueCopies(context: PlanContext): Told[] {
  const { inventory, home, lineages, effective } = context;
  if (home === undefined) return [];
  return lineages.all.flatMap((lineage) => {
    const policy = effective.isSpent(lineage) ? undefined : effective.policyOf(lineage);
    if (policy === undefined || policy.copy.every(({ region }) => region === inventory.home)) return [];
    return aboutLineage(context, lineage, policy);
  });
}

function aboutLineage({ inventory, lineages, rules }: PlanContext, lineage: Lineage, policy: Policy): Told[] {
  const { home, now } = inventory;
  const late = policy.copy
    .filter(({ region }) => region !== home && knownView(inventory, region) !== undefined)
    .flatMap(({ region }) => {
      const held = waiting(lineages, lineage, home, region);
      const oldest = held.at(-1);
      return oldest !== undefined && isLate(oldest.start, policy, now) ? [{ region, held, oldest }] : [];
    })
    .toSorted((a, b) => (a.region < b.region ? -1 : 1));
  const [first] = late;
  if (first === undefined) return [];
  const reason = late
    .map(({ region, held, oldest }) => {
      const since = new Date(oldest.point.scheduled).toISOString();
      const tried = triesOf(lineages, lineage, region, held);
      const why =
        tried.running.length > 0
          ? `; ${rules.words.service} is at ${tried.running.length} ${rules.words.artifact}(s) ${formatRunning(tried.running)}`
          : "";
      const failed = tried.failure === undefined ? "" : `; the last try failed: ${tried.failure}`;
      return `${held.length} point(s) since ${since} are kept because no copy of them to ${region} was seen completed${why}${failed}`;
    })
    .join("; ");
  const { policy: name, resource } = lineage;
  const about = {
    region: home,
    policy: name,
    resource,
    point: first.oldest.point.id,
    cause: "copy-overdue",
    reason,
  } as const;
  const kind = caseOf(late.map(({ region, held }) => triesOf(lineages, lineage, region, held)));
  return [kind === undefined ? about : { ...about, case: kind }];
}

interface Tries {
  /** Copies that AWS is at. */
  readonly running: readonly Artifact[];
  /** Why the last that failed did. */
  readonly failure: string | undefined;
}

/** What the DR region has done about points that wait. */
function triesOf(lineages: Lineages, lineage: Lineage, region: string, held: readonly PointState[]): Tries {
  const { byId } = lineages.pointsIn(lineage, region);
  const parts = held.flatMap(({ point }) => byId.get(point.id)?.point.artifacts ?? []);
  return { running: parts.filter(({ state }) => state === "pending"), failure: lastFailure(parts) };
}

/** Whom to ask: only where one of the regions has not even begun, its stack. */
function caseOf(tries: readonly Tries[]): Case | undefined {
  if (tries.every(({ running }) => running.length > 0)) return "in-progress";
  return tries.every(({ running, failure }) => running.length > 0 || failure !== undefined) ? "copies-fail" : undefined;
}
