import { hash } from "node:crypto";
import { type EffectivePolicy, readRecorded, recordedAt } from "../config/recorded.js";
import { APPROVE_ABOVE } from "../config/settings.js";
import { compare, type RegionPoints } from "../inventory/lineage.js";
import type { PointState } from "../inventory/point-state.js";
import type { Alert, Delete, Inventory, PendingApproval } from "../model/model.js";
import { decide } from "../retention/retention.js";
import type { Calendars } from "../schedule/calendar.js";
import type { PlanContext } from "./context.js";
import type { Leaving, Pruned } from "./prunes.js";

/** Fewer points of one resource than this never need approval: they are more than half of two, and no loss that a slip explains. */
export const GUARD_FLOOR = 3;

/** How long an approval holds: long enough for deletes that AWS throttles, too short to approve the next slip. */
export const APPROVAL_LIFE_MS = 24 * 3_600_000;

/** What may go at once and what waits for a person. */
export interface Guarded {
  readonly deletes: readonly Delete[];
  readonly holds: readonly PendingApproval[];
  readonly alerts: readonly Omit<Alert, "do">[];
}

/** Deletes of completed points that nobody has approved and that the rule they were made under would keep, by what they are of. */
interface Unforeseen {
  readonly region: string;
  readonly deletes: readonly Delete[];
  /** Completed points of the same policy and resource that are there when everything else that is planned is gone. */
  readonly of: number;
  /** Nothing was added for so long that people were told, and had their time: the end was announced. */
  readonly ended: boolean;
}

/** Names what is held back by exactly what it is: another artifact more or less is another name. */
export const approvalId = (home: string, region: string, artifacts: readonly string[]): string =>
  `held-${hash("sha256", JSON.stringify([home, region, artifacts.toSorted()])).slice(0, 12)}`;

function approvedIn(inventory: Inventory): ReadonlySet<string> {
  const valid = (inventory.memory?.approved ?? []).filter(({ until }) => until > inventory.now);
  return new Set(valid.flatMap(({ region, artifacts }) => artifacts.map((id) => `${region} ${id}`)));
}

/** What the policy writes on new points now: what was made under it goes by it. */
const ruleNow = (policy: EffectivePolicy | undefined, { home }: Inventory, region: string): string | undefined =>
  policy && recordedAt(policy, region, home);

/** Whether the rule that a point was made under lets it go as well. A point that tells none was made under nobody knows what. */
function foreseenBy(
  holding: RegionPoints,
  now: string | undefined,
  calendars: Calendars,
): (entry: PointState) => boolean {
  const judged = new Map<string, ReadonlySet<string>>();
  const goneBy = (recorded: string): ReadonlySet<string> => {
    const known = judged.get(recorded);
    if (known !== undefined) return known;
    const rule = readRecorded(recorded);
    const verdicts = rule ? decide(holding.points, { retain: rule.retain, calendar: calendars.of(rule.timezone) }) : [];
    const gone = new Set(holding.points.filter((_, i) => verdicts[i]?.keep.length === 0).map(({ point }) => point.id));
    judged.set(recorded, gone);
    return gone;
  };
  return ({ point }) =>
    point.recorded !== undefined && (point.recorded === now || goneBy(point.recorded).has(point.id));
}

/** Of the deletes of one policy and resource in one region those that are a surprise. Doubles and failed tries are none. */
function unforeseenOf(
  { here, terms, deletes: going }: Leaving,
  inventory: Inventory,
  approved: ReadonlySet<string>,
  calendars: Calendars,
): Unforeseen {
  const { region } = here;
  const now = terms.fate === "active" ? ruleNow(terms.policy, inventory, region) : undefined;
  const foreseen = foreseenBy(here, now, calendars);
  const isApproved = ({ artifacts }: Delete): boolean => artifacts.every((id) => approved.has(`${region} ${id}`));
  const leaving = going.filter(
    ({ entry, action }) => entry.status === "completed" && action.artifacts.length >= entry.point.artifacts.length,
  );
  const surprising = leaving.filter(({ entry, action }) => !isApproved(action) && !foreseen(entry));
  const others = leaving.length - surprising.length;
  const deletes = surprising.map(({ action }) => action);
  return { region, deletes, of: here.completed.length - others, ended: terms.ended };
}

const overHalf = ({ deletes, of, ended }: Unforeseen): boolean =>
  !ended && deletes.length >= GUARD_FLOOR && deletes.length * 2 > of;

/**
 * Holds back deletes that look like a slip until a person approves just these: more than half of the completed points of a resource
 * in a region, or more than `approveAbove` points of the region in all. Only what the rule that is recorded on a point would keep
 * counts, so that the daily expiry, and what an outage put off, never wait for anybody; and until the approval what goes on is the
 * rule of before. What failed or is double is no loss and is never held back.
 */
export function guard(
  { inventory, effective: { calendars } }: PlanContext,
  { deletes, leaving }: Pick<Pruned, "deletes" | "leaving">,
): Guarded {
  const approved = approvedIn(inventory);
  const groups = leaving.map((one) => unforeseenOf(one, inventory, approved, calendars));
  const most = inventory.approveAbove ?? APPROVE_ABOVE;
  const reasons = new Map<Delete, { readonly why: string; readonly approval: string }>();
  const alerts: Guarded["alerts"][number][] = [];
  const byRegion = [...Map.groupBy(groups, ({ region }) => region)].toSorted(([a], [b]) => compare(a, b));
  for (const [region, parts] of byRegion) {
    const total = parts.reduce((sum, part) => sum + part.deletes.length, 0);
    const inAll = total > most ? `${total} points in all, more than ${most}` : undefined;
    const stopped = parts.filter((part) => part.deletes.length > 0 && (inAll !== undefined || overHalf(part)));
    if (stopped.length === 0) continue;
    const waiting = stopped.flatMap((part) => part.deletes.flatMap(({ artifacts }) => artifacts));
    const approval = approvalId(inventory.home, region, waiting);
    for (const part of stopped) {
      const why = inAll ?? `${part.deletes.length} of ${part.of} points, more than half`;
      for (const action of part.deletes) reasons.set(action, { why, approval });
    }
    alerts.push({ region, ...NONE, cause: "approval-needed", reason: formatWaiting(stopped, inAll, approval) });
  }
  if (reasons.size === 0) return { deletes, holds: [], alerts };
  const holds = deletes.flatMap((action): PendingApproval[] => {
    const found = reasons.get(action);
    if (found === undefined) return [];
    const reason = `${action.reason}; waits for approval: ${found.why}, would go at once (lockstep approve ${found.approval})`;
    return [{ ...action, do: "pending-approval", reason, approval: found.approval }];
  });
  return { deletes: deletes.filter((action) => !reasons.has(action)), holds, alerts };
}

const NONE = { policy: "", resource: "", point: "" } as const;
/** Resources that an alert names; there may be thousands. */
const NAMED = 10;

function formatWaiting(stopped: readonly Unforeseen[], inAll: string | undefined, approval: string): string {
  const named = stopped.flatMap(({ deletes, of }) => {
    const [first] = deletes;
    return first === undefined ? [] : [`${first.resource} by ${first.policy}: ${deletes.length} of ${of} points`];
  });
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more` : "";
  const what = `${named.slice(0, NAMED).join(", ")}${more}${inAll === undefined ? "" : `; ${inAll}`}`;
  return `${what}. They would go at once, and the rule that they were made under keeps them. Nothing of them is deleted before \`lockstep approve ${approval}\``;
}
