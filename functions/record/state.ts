import { knownView } from "../../core/inventory/lineage.js";
import type { Open } from "../../core/model/causes.js";
import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Inventory } from "../../core/model/model.js";
import { dueAfter, type State } from "../store/ledger.js";
import type { SurveyFile } from "../store/survey-file.js";

/** What a later look may well find otherwise: nothing else would make anybody look. */
const PASSING = /^(region-unknown|(create|copy|finalize|delete|adopt)-refused)$/;
/** So that the next tick looks, which comes each minute. */
export const SOON_MS = 45_000;

/**
 * When to look again at what could not be read, or what AWS refused: at the next tick, then after as long again as it has been so.
 * The newest decides; what has been so for a quarter of an hour waits for the looks of idle times.
 */
function tryAgain(open: readonly Open[], now: number): Pick<State, "tryAgainAt"> {
  const since = open.flatMap((one) => (PASSING.test(one.trouble.cause) ? [one.since] : []));
  return since.length === 0 ? {} : { tryAgainAt: now + Math.max(SOON_MS, now - Math.max(...since)) };
}

interface After {
  readonly before: State;
  readonly survey: Pick<SurveyFile, "kinds" | "isAll">;
  /** Of the kinds that were read. */
  readonly inFlight: State["inFlight"];
  readonly points: NonNullable<State["points"]>;
  readonly open: readonly Open[];
  readonly rules: RulesTable;
  readonly now: number;
}

/** By kind how many points the own region holds, where all of it was seen. */
export function pointsIn(inventories: readonly Inventory[], region: string): NonNullable<State["points"]> {
  const seen = [...Map.groupBy(inventories, ({ kind }) => kind)].flatMap(([kind, ofKind]): [string, number][] => {
    const views = ofKind.map((inventory) => knownView(inventory, region));
    const count = views.reduce((sum, view) => sum + (view?.points.length ?? 0), 0);
    return views.includes(undefined) ? [] : [[kind, count]];
  });
  return Object.fromEntries(seen);
}

/**
 * What the tick goes by from now on. Of a kind that was not read all stays as it was; of one that the stack does not look after
 * any more only what was there is remembered.
 */
export function stateAfter({ before, survey, inFlight, points, open, rules, now }: After): State {
  const due = survey.kinds.map((kind): [string, number] => {
    const { lookAgainMs } = rulesOf(rules, kind);
    return [kind, dueAfter(now, inFlight[kind] ?? 0, lookAgainMs)];
  });
  const { tryAgainAt } = tryAgain(open, now);
  // What another kind waits for is still to come: a run that is due for it reads all.
  const times = [tryAgainAt, survey.isAll ? undefined : before.tryAgainAt].filter((at) => at !== undefined);
  const { inFlight: others, dueAt } = survey.isAll ? { inFlight: {}, dueAt: {} } : before;
  const there = Object.entries({ ...before.points, ...points }).filter(([, count]) => count > 0);
  return {
    inFlight: { ...others, ...inFlight },
    dueAt: { ...dueAt, ...Object.fromEntries(due) },
    lastRun: now,
    ...(there.length > 0 && { points: Object.fromEntries(there) }),
    ...(times.length > 0 && { tryAgainAt: Math.min(...times) }),
  };
}
