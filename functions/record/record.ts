import { isDeepStrictEqual } from "node:util";
import type { Found } from "../../core/model/causes.js";
import type { RulesTable } from "../../core/model/kind.js";
import type { Action, Inventory } from "../../core/model/model.js";
import { runKeys, VERBS, type Verb } from "../../core/names/names.js";
import { REQUEST_LIFE_MS } from "../../core/planner/creates.js";
import { actionsFor, plannedTroubles } from "../../core/planner/planner.js";
import { selectedNow } from "../../core/planner/selected.js";
import type { Log } from "../../kinds/lib/log.js";
import { readResults } from "../execute/result.js";
import { holderOf, runIdOf } from "../execute/run.js";
import type { Emit } from "../lib/emf.js";
import { LeaseLost } from "../lib/errors.js";
import { type AlertDeps, closeAlerts, openAlerts, type Publish } from "../store/alerts.js";
import type { Bucket } from "../store/bucket.js";
import { hasEnded, writeRun } from "../store/history.js";
import type { Lease } from "../store/lease.js";
import type { Ledger } from "../store/ledger.js";
import { writeRefused } from "../store/refused.js";
import { forget } from "../store/requests.js";
import { writeSelected } from "../store/selected.js";
import { readSurvey, type SurveyFile } from "../store/survey-file.js";
import type { Table } from "../store/table.js";
import { messageIn } from "./cause.js";
import { type Ended, type Failed, parseRecord } from "./event.js";
import { expectedAgainstActual, type Results } from "./expected.js";
import { inFlightAfter, runItem } from "./item.js";
import { judged } from "./judged.js";
import { failureMeasures, measuresOf, type Place, testMeasures } from "./measures.js";
import { pointsIn, SOON_MS, stateAfter } from "./state.js";
import { summaryOf } from "./summary.js";
import { testMessage } from "./test-message.js";
import { goneTroubles, lateIn, metTroubles, planOnlyTroubles, strayTroubles, takeInTroubles } from "./troubles.js";

export interface RecordDeps extends Place {
  readonly bucket: Bucket;
  readonly table: Table;
  readonly lease: Lease;
  readonly ledger: Ledger;
  readonly publish: Publish;
  /** How long until what is still wrong is said again. */
  readonly repeatAfterMs: number;
  /** Whether people want to hear of each run. */
  readonly summary: boolean;
  readonly emit: Emit;
  readonly rules: RulesTable;
  readonly now: () => number;
  readonly log: Log;
}

/** Ends a run: history, alerts, the state between runs, and the lease. Says whether marks came, so that the run looks again. */
export const makeRecord =
  (deps: RecordDeps) =>
  async (raw: unknown): Promise<{ again: boolean }> => {
    const event = parseRecord(raw);
    if ("test" in event) return recordTest(deps);
    return "ended" in event ? recordEnd(deps, event.ended) : recordFailure(deps, event.failed);
  };

/**
 * Looks of one execution. Its history has room for 25,000 events (Step Functions developer guide, quotas) and a look takes some
 * dozens, more with batches; the marks that the last look leaves make the next tick begin a fresh execution.
 */
export const MAX_ROUNDS = 20;

async function recordEnd(deps: RecordDeps, { runId, plan, round, refused }: Ended): Promise<{ again: boolean }> {
  const log = deps.log.createChild({ persistentKeys: { runId } });
  if (!(await stillToEnd(deps, runId))) return { again: false };
  const survey = await readSurvey(deps.bucket, runId);
  const results: Results = {
    create: await readResults(deps.bucket, runId, "create", plan.creates),
    copy: await readResults(deps.bucket, runId, "copy", plan.copies),
    finalize: await readResults(deps.bucket, runId, "finalize", plan.finalizes),
    delete: await readResults(deps.bucket, runId, "delete", plan.deletes),
  };
  const lines = expectedAgainstActual(survey.inventories, results, deps.rules);
  await deps.bucket.writeLines(runKeys(runId).ledger, lines);
  const decided = await decisionsOf(deps, runId);
  const own = actionsFor(deps.region, decided);
  const before = await deps.ledger.state();
  const troubles = [
    ...allTroubles(deps, own, survey, results),
    ...takeInTroubles(refused, deps.region),
    ...goneTroubles(before.points ?? {}, survey, deps.region, deps.rules),
  ];
  const now = deps.now();
  const run = { ...runItem(plan, results, lines, survey.inventories, troubles), ...heldIn(own) };
  await writeRun(deps.table, runId, { ...run, endedAt: now }, now);
  const alerts = alertDeps(deps, log);
  const open = await openAlerts(alerts, troubles, now);
  await closeAlerts(alerts, troubles, judged(survey, results));
  if (deps.summary) {
    const wasInFlight = Object.values(before.inFlight).some((count) => count > 0);
    const counted = { selected: run.selected, troubles: run.alerts };
    const summed = { ...deps, runId, inventories: survey.inventories, actions: decided, results, ...counted };
    const message = summaryOf({ ...summed, wasInFlight });
    if (message !== undefined) await deps.publish(message);
  }
  await forgetOldRequests(deps, survey.inventories, now);
  await rememberSelected(deps, survey.inventories);
  const refusedBefore = survey.inventories[0]?.memory?.refused?.filter(({ region }) => region === deps.region) ?? [];
  await writeRefused(deps.bucket, refusedBefore, results, now);
  const inFlight = inFlightAfter(plan, results, deps.rules);
  const points = pointsIn(survey.inventories, deps.region);
  await deps.ledger.writeState(stateAfter({ before, survey, inFlight, points, open, rules: deps.rules, now }));
  await deps.lease.heed(survey.tidings);
  const again = await looksAgain(deps, runId, round);
  // At the end, so that a run that fails before is not counted as a success.
  deps.emit(measuresOf(deps, survey, troubles, deps.rules), now, runId);
  log.info("recorded", { ...run, again });
  return { again };
}

/** Gives the lease back, unless marks came and this execution may look once more. */
async function looksAgain({ lease, now }: RecordDeps, runId: string, round: number): Promise<boolean> {
  if (round < MAX_ROUNDS) return (await lease.release(holderOf(runId), now())) === "again";
  await lease.abandon(holderOf(runId));
  return false;
}

/** Whether the lease is this run's. A call that is repeated because its answer was lost finds the run ended and the lease given back. */
async function stillToEnd({ lease, table, now }: RecordDeps, runId: string): Promise<boolean> {
  try {
    await lease.extend(holderOf(runId), now());
    return true;
  } catch (error) {
    if (error instanceof LeaseLost && (await hasEnded(table, runId))) return false;
    throw error;
  }
}

/** All that was decided, about every region. */
async function decisionsOf({ bucket }: RecordDeps, runId: string): Promise<readonly Action[]> {
  const decisions = await bucket.readLines(runKeys(runId).decisions);
  if (decisions === undefined) throw new Error(`the run ${runId} has no ${runKeys(runId).decisions}`);
  return decisions.filter(isAction);
}

/** What waits for approval, and by which names; of several home regions each has its own. */
function heldIn(own: readonly Action[]) {
  const holds = own.filter((action) => action.do === "pending-approval");
  const approvals = [...new Set(holds.map(({ approval }) => approval))];
  return holds.length === 0 ? {} : { held: holds.length, approvals };
}

function allTroubles(deps: RecordDeps, own: readonly Action[], survey: SurveyFile, results: Results): readonly Found[] {
  const planned = plannedTroubles(own);
  const isLate = lateIn(planned);
  const awaited: ReadonlySet<Verb> = new Set(["create", "copy"]);
  return [
    ...planned,
    ...VERBS.flatMap((verb) => metTroubles(verb, results[verb], awaited.has(verb) ? isLate : () => false, deps.rules)),
    ...strayTroubles(survey.strays, deps.region),
    ...planOnlyTroubles(survey.inventories, deps.region),
  ];
}

/** Written by Plan of the same deployment; only the outer shape is checked. */
const isAction = (line: unknown): line is Action => typeof line === "object" && line !== null && "do" in line;

/** Of its own resources only: whoever copies does not judge selections. Where nothing changed, nothing is written. */
async function rememberSelected(
  { table, region, rules }: RecordDeps,
  inventories: readonly Inventory[],
): Promise<void> {
  const own = inventories.filter(({ home }) => home === region);
  const counts = selectedNow(own, rules);
  if (own.length > 0 && !isDeepStrictEqual(counts, own[0]?.memory?.selected)) await writeSelected(table, counts);
}

/** A request stays as long as the planner heeds it: a point made for it may still fail and be tried again. */
async function forgetOldRequests({ table }: RecordDeps, inventories: readonly Inventory[], now: number): Promise<void> {
  for (const request of inventories[0]?.requests ?? []) {
    if (now - request.at > REQUEST_LIFE_MS) await forget(table, request);
  }
}

const alertDeps = ({ table, publish, deployment, rules, repeatAfterMs }: RecordDeps, log: Log): AlertDeps => ({
  table,
  publish,
  deployment,
  rules,
  log,
  repeatAfterMs,
});

/** The way of every alert and of every alarm: a message of this function, and a metric that an alarm watches. */
async function recordTest(deps: RecordDeps): Promise<{ again: boolean }> {
  deps.emit(testMeasures(deps), deps.now(), "test");
  await deps.publish(testMessage(deps));
  return { again: false };
}

/** The lease goes first: whatever else fails here, the next tick can begin anew. */
async function recordFailure(deps: RecordDeps, { execution, error }: Failed): Promise<{ again: boolean }> {
  const now = deps.now();
  const runId = runIdOf(now, execution);
  const log = deps.log.createChild({ persistentKeys: { runId } });
  await deps.lease.abandon(execution);
  deps.emit(failureMeasures(deps), now, runId);
  const reason = `${error.Error}: ${messageIn(error.Cause)}`;
  log.error("run failed", { reason });
  await writeRun(deps.table, runId, { outcome: "failed", reason, endedAt: now, execution }, now);
  const { points } = await deps.ledger.state();
  // So that the next tick does not wait for a quarter of an hour.
  const state = { inFlight: {}, dueAt: {}, lastRun: now, tryAgainAt: now + SOON_MS };
  await deps.ledger.writeState({ ...state, ...(points && { points }) });
  const trouble: Found = { cause: "run-failed", region: deps.region, policy: "", resource: "", point: "", reason };
  await openAlerts(alertDeps(deps, log), [trouble], now);
  return { again: false };
}
