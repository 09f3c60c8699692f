import { TAKING } from "../others.js";
import type { Minds } from "../planner/minds.js";
import { DAY, type TroubleKind } from "../scenario.js";
import { copiesAsIf, deletesAsIf, isCopied, isPending, points, policies, takenFor, views } from "./lenses.js";
import {
  asLastSeen,
  byAgeFromNow,
  copiesOnce,
  dropsUnselected,
  keepsUnselected,
  makesUp,
  nothingThere,
  older,
  ownsByAnyTag,
  stopsAtHeld,
  takesFailed,
  withoutWaiting,
} from "./minds.js";

/** A mistake that somebody made before us, planted into the planner. */
export interface Mistake {
  readonly name: string;
  /** The promise that it breaks, as the judges name it. */
  readonly breaks: RegExp;
  /** A seed that shows it. */
  readonly seed: number;
  /** The troubles that it takes, where they seldom meet else. */
  readonly only?: readonly TroubleKind[];
  /** It takes a policy that takes in what others make. */
  readonly takesIn?: boolean;
  /** Fresh for each simulation. */
  readonly mind: () => Minds;
}

export const PLANNER_MISTAKES: readonly Mistake[] = [
  {
    name: "A-X1 D1-X1: the old goes when the new one is begun",
    breaks: /^1 newest|^retention/,
    seed: 20,
    mind: deletesAsIf((worlds) => takenFor(worlds, "pending", "completed", (point) => !isCopied(point))),
  },
  {
    name: "C-X1 E-X8: a failed one counts, and evicts a good one",
    breaks: /^1 newest|^retention/,
    seed: 6,
    mind: deletesAsIf((worlds) => takenFor(worlds, "error", "completed")),
  },
  {
    name: "C-X1 F-S2: of snapshots that others make, a failed one is taken in",
    breaks: /^1 failed/,
    seed: 6,
    only: ["ask"],
    takesIn: true,
    mind: takesFailed,
  },
  {
    name: "C-X1 F-S2: one that fails when it was taken in evicts a good one",
    breaks: /^1 newest|^retention/,
    seed: 8,
    only: ["ask"],
    takesIn: true,
    mind: deletesAsIf((worlds) => takenFor(worlds, "error", "completed", ({ policy }) => policy === TAKING)),
  },
  {
    name: "what AWS Backup and DLM made is deleted as if it were ours alone",
    breaks: /^1 held/,
    seed: 8,
    only: ["ask"],
    takesIn: true,
    mind: deletesAsIf((worlds) =>
      points(worlds, (point) => ({
        ...point,
        artifacts: point.artifacts.map((part) => ({
          ...part,
          holds: part.holds.filter((one) => !one.startsWith("managed")),
        })),
      })),
    ),
  },
  {
    name: "A-X2 D2-X11: age counts from now, and the last goes by it",
    breaks: /^1 newest|^retention/,
    seed: 4,
    mind: byAgeFromNow,
  },
  {
    name: "A-X9 E-X7: days are dates, and seven of them less than 168 hours",
    breaks: /^retention/,
    seed: 3,
    mind: deletesAsIf((worlds) =>
      policies(worlds, (policy) => ({
        ...policy,
        retain: { ...policy.retain, ...(policy.retain.ageMs && { ageMs: Math.max(1, policy.retain.ageMs - DAY / 2) }) },
      })),
    ),
  },
  {
    name: "C-X2 E-X4: sources go without waiting for their copies",
    breaks: /^2 copy not seen|^2 source/,
    seed: 10,
    mind: withoutWaiting,
  },
  {
    name: "D1-X10: a copy that was begun is as good as one that is there",
    breaks: /^2 copy not seen|^2 source|^1 newest|^retention/,
    seed: 15,
    mind: deletesAsIf((worlds) => takenFor(worlds, "pending", "completed", isCopied)),
  },
  {
    name: "C-X6 D2-X3: a copy that failed is never tried again",
    breaks: /^2 not copied|^5 RPO/,
    seed: 18,
    only: ["breaks"],
    mind: copiesOnce,
  },
  {
    name: "E-X6 A-X8: what is to be made is neither claimed nor looked up",
    breaks: /^4/,
    seed: 20,
    mind: () => ({ asksFirst: false }),
  },
  {
    name: "E-X5: slots are taken without counting those of others",
    breaks: /^7 slots/,
    seed: 2,
    mind: copiesAsIf((worlds) => worlds.map((world) => ({ ...world, limits: { copySlots: 1000, copyReserve: 0 } }))),
  },
  {
    name: "two copies of one volume are in flight at once",
    breaks: /^7 one in flight/,
    seed: 21,
    mind: copiesAsIf((worlds) =>
      worlds.map((world) =>
        views(world, (view) =>
          view.complete
            ? { ...view, points: view.points.filter((point) => !isCopied(point) || !isPending(point)) }
            : view,
        ),
      ),
    ),
  },
  {
    name: "a copy that hangs is waited for",
    breaks: /^2 not copied|^5 RPO/,
    seed: 7,
    only: ["hang"],
    mind: copiesAsIf((worlds) =>
      points(worlds, (point, { now }) => ({
        ...point,
        artifacts: point.artifacts.map((part) => (part.state === "pending" ? { ...part, startedAt: now } : part)),
      })),
    ),
  },
  {
    name: "the newest waits until the older ones are copied",
    breaks: /^7 superseded|^2 not copied|^5 RPO/,
    seed: 2,
    mind: copiesAsIf(older),
  },
  { name: "D1-X4: any tag with the right value makes it ours", breaks: /^1 not ours/, seed: 13, mind: ownsByAnyTag },
  {
    name: "C-F4 E-X14: copies are kept by the rule of home",
    breaks: /^retention|^1 leak/,
    seed: 1,
    mind: deletesAsIf((worlds) =>
      policies(worlds, (policy) => ({
        ...policy,
        copy: policy.copy.map((rule) => ({ ...rule, retain: policy.retain })),
      })),
    ),
  },
  {
    name: "a region that cannot be read is taken for empty",
    breaks: /^3 unknown/,
    seed: 6,
    mind: () => ({ see: nothingThere }),
  },
  { name: "expiry goes on during an outage, by what was last seen", breaks: /^3 unknown/, seed: 6, mind: asLastSeen },
  { name: "all missed slots are made up for", breaks: /^4 old slot/, seed: 24, mind: makesUp },
  {
    name: "E-F4: KeepForever is not heeded",
    breaks: /^1 held/,
    seed: 24,
    mind: deletesAsIf((worlds) =>
      points(worlds, (point) => ({ ...point, artifacts: point.artifacts.map((part) => ({ ...part, holds: [] })) })),
    ),
  },
  { name: "C-X11 D1-X7 E-X9: one that is held stops the rest", breaks: /^1 leak/, seed: 2, mind: stopsAtHeld },
  {
    name: "what nothing selects any more is deleted",
    breaks: /^1 newest|^retention|^2/,
    seed: 2,
    mind: dropsUnselected,
  },
  {
    name: "A-X11 C-X20 D1-X11: what nothing selects any more never expires",
    breaks: /^1 leak/,
    seed: 5,
    mind: keepsUnselected,
  },
  {
    name: "an event that was lost is a copy that was lost",
    breaks: /^2 not copied|^5 RPO|^1 leak/,
    seed: 11,
    mind: () => ({ ticks: false }),
  },
];
