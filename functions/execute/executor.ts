import type { Action, Settings } from "../../core/model/model.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import type { Backend, Context } from "../../kinds/backend.js";
import { InvalidInput } from "../../kinds/lib/errors.js";
import { parseInput } from "../../kinds/lib/input.js";
import type { Log } from "../../kinds/lib/log.js";
import { TaskEvent } from "../lib/fields.js";
import type { Bucket } from "../store/bucket.js";
import type { Lease } from "../store/lease.js";
import { type Planned, type Result, resultOf, tally } from "./result.js";
import { holderOf } from "./run.js";

export type PlannedOf<V extends Verb> = Extract<Action, { do: V }>;

/** Actions between two looks at the lease; below the 200 filter values that one Describe takes (EC2 quotas for filters). */
const BATCH = 50;
/** Time left at which a function stops and asks to be called again. */
const RESERVE_MS = 30_000;

export interface ExecutorDeps {
  readonly bucket: Bucket;
  readonly lease: Lease;
  readonly settings: () => Promise<Settings>;
  /** The backend of the kind that an action is of. */
  readonly backendOf: (action: Planned) => Backend;
  readonly now: () => number;
  readonly log: Log;
}

export interface Invocation {
  /** What the runtime gave this invocation, at its start. */
  readonly remainingMs: number;
}

export type BatchContext = Omit<Context, "manifestOf" | "begin" | "beginDelete">;

/** What became of some actions of one kind, in their order. */
export interface Batch {
  readonly results: readonly Result[];
  /** Why no more of the kind can be done now. */
  readonly stop?: string;
}

/** How one verb is carried out. */
export interface Work<V extends Verb> {
  readonly verb: V;
  /** Done with all actions of a run before the first of them is carried out. Must be safe to do again. */
  readonly prepare?: (actions: readonly PlannedOf<V>[], runId: string) => Promise<void>;
  /** Does some that are of one kind. */
  readonly work: (backend: Backend, actions: readonly PlannedOf<V>[], context: BatchContext) => Promise<Batch>;
}

/**
 * Carries out a run's actions of one verb from an offset on, batch by batch, until all are done or the time is nearly over.
 * Results are written under the offset they began at, so that a repeated call overwrites its own. Where the stack only plans,
 * nothing is carried out and the results say so.
 */
export function makeExecutor<V extends Verb>(deps: ExecutorDeps, { verb, prepare, work }: Work<V>) {
  return async (raw: unknown, { remainingMs }: Invocation) => {
    const { runId, offset } = eventOf(raw, verb);
    const log = deps.log.createChild({ persistentKeys: { runId } });
    const stopAt = deps.now() + remainingMs - RESERVE_MS;
    const actions = await readActions(deps.bucket, runId, verb);
    const settings = await deps.settings();
    const onlyPlans = settings.mode === "plan";
    if (!onlyPlans && offset === 0) await prepare?.(actions, runId);
    const results: Result[] = [];
    const stopped = new Map<Backend, string>();
    // At least one batch per call, however short the time: else the state machine would call for ever.
    do {
      await deps.lease.extend(holderOf(runId), deps.now());
      const start = offset + results.length;
      const batch = actions.slice(start, start + BATCH);
      const context = { runId, settings, log };
      results.push(
        ...(onlyPlans ? planned(batch) : await byKind(deps, batch, stopped, (...of) => work(...of, context))),
      );
    } while (offset + results.length < actions.length && deps.now() < stopAt);
    for (const result of results) log[result.outcome === "failed" ? "error" : "info"](verb, { ...result });
    await deps.bucket.writeLines(runKeys(runId).results(verb, offset), results);
    const next = offset + results.length;
    return { runId, offset: next, more: next < actions.length, ...tally(results) };
  };
}

/** An event of the state machine, for a verb of the function that has it. */
export function eventOf<V extends Verb>(raw: unknown, ...verbs: readonly V[]) {
  const { do: wanted, ...event } = parseInput(TaskEvent, raw, "the event");
  const verb = verbs.find((one) => one === wanted);
  if (verb === undefined) throw new InvalidInput(`the event wants "${wanted}", which this function does not do`);
  return { ...event, verb };
}

const planned = (actions: readonly Planned[]): Result[] => actions.map((action) => resultOf(action, "planned"));

/** Each kind's actions by its own backend; where that can do no more now, its actions wait. The results are in the order of the actions. */
async function byKind<A extends Planned>(
  { backendOf }: ExecutorDeps,
  actions: readonly A[],
  stopped: Map<Backend, string>,
  work: (backend: Backend, actions: readonly A[]) => Promise<Batch>,
): Promise<readonly Result[]> {
  const results = new Map<A, Result>();
  for (const [backend, group] of Map.groupBy(actions, backendOf)) {
    const cause = stopped.get(backend);
    const done = cause === undefined ? await work(backend, group) : { results: waiting(group, cause) };
    if (done.stop !== undefined) stopped.set(backend, done.stop);
    for (const [i, result] of done.results.entries()) {
      const action = group[i];
      if (action !== undefined) results.set(action, result);
    }
  }
  return actions.flatMap((action) => results.get(action) ?? []);
}

const waiting = (actions: readonly Planned[], cause: string): Result[] =>
  actions.map((action) => ({ ...resultOf(action, "later"), cause }));

async function readActions<V extends Verb>(bucket: Bucket, runId: string, verb: V): Promise<PlannedOf<V>[]> {
  const key = runKeys(runId).actions(verb);
  const lines = await bucket.readLines(key);
  if (lines === undefined) throw new InvalidInput(`the run ${runId} has no ${key}`);
  return lines.map((line) => {
    if (!isAction(line, verb)) throw new InvalidInput(`${key} holds something that is not a "${verb}" action`);
    return line;
  });
}

/** The lists are written by Plan of the same deployment, from the same types; only the verb is checked. */
function isAction<V extends Verb>(line: unknown, verb: V): line is PlannedOf<V> {
  return typeof line === "object" && line !== null && "do" in line && line.do === verb;
}
