import type { Action, Settings } from "../../core/model/model.js";
import { type HandName, runKeys } from "../../core/names/names.js";
import { InvalidInput } from "../lib/errors.js";
import { HandEvent } from "../lib/fields.js";
import { parseInput } from "../lib/input.js";
import type { Log } from "../lib/log.js";
import type { Bucket } from "../store/bucket.js";
import type { Lease } from "../store/lease.js";
import { type Result, tally } from "./result.js";
import { holderOf } from "./run.js";

export type Hand = HandName;
type ActionOf<H extends Hand> = Extract<Action, { do: H }>;

/** Actions between two looks at the lease; below the 200 filter values that one Describe takes (EC2 quotas for filters). */
const BATCH = 50;
/** Time left at which a function stops and asks to be called again. */
const RESERVE_MS = 30_000;

export interface HandDeps {
  readonly bucket: Bucket;
  readonly lease: Lease;
  readonly settings: () => Promise<Settings>;
  readonly now: () => number;
  readonly log: Log;
}

export interface Invocation {
  /** What the runtime gave this invocation, at its start. */
  readonly remainingMs: number;
}

export interface BatchContext {
  readonly runId: string;
  readonly settings: Settings;
  readonly log: Log;
}

export interface BatchOutcome {
  readonly results: readonly Result[];
  /** Why nothing after this batch can be done now. */
  readonly stop?: string;
}

/** Done with all actions of a run before the first of them is carried out. Must be safe to do again. */
export type Prepare<H extends Hand> = (actions: readonly ActionOf<H>[], runId: string) => Promise<void>;

/**
 * Carries out a run's actions of one kind from an offset on, batch by batch, until all are done or the time is nearly over.
 * Results are written under the offset they began at, so that a repeated call overwrites its own. Where the stack only plans,
 * nothing is carried out and the results say so.
 */
export function makeHand<H extends Hand>(
  hand: H,
  deps: HandDeps & { readonly prepare?: Prepare<H> },
  work: (actions: readonly ActionOf<H>[], context: BatchContext) => Promise<BatchOutcome>,
) {
  return async (raw: unknown, { remainingMs }: Invocation) => {
    const { runId, offset, hand: wanted = hand } = parseInput(HandEvent, raw, `the event of "${hand}"`);
    if (wanted !== hand) throw new InvalidInput(`the event of "${hand}" is one of "${wanted}"`);
    const log = deps.log.createChild({ persistentKeys: { runId } });
    const stopAt = deps.now() + remainingMs - RESERVE_MS;
    const actions = await readActions(deps.bucket, runId, hand);
    const settings = await deps.settings();
    const carryOut = settings.mode === "plan" ? onlyPlan : work;
    if (carryOut === work && offset === 0) await deps.prepare?.(actions, runId);
    const results: Result[] = [];
    let stop: string | undefined;
    // At least one batch per call, however short the time: else the state machine would call for ever.
    do {
      await deps.lease.extend(holderOf(runId), deps.now());
      const start = offset + results.length;
      const outcome = await carryOut(actions.slice(start, start + BATCH), { runId, settings, log });
      results.push(...outcome.results);
      stop = outcome.stop;
    } while (stop === undefined && offset + results.length < actions.length && deps.now() < stopAt);
    const cause = stop;
    if (cause !== undefined) {
      results.push(...actions.slice(offset + results.length).map((action) => ({ ...about(action), cause })));
    }
    for (const result of results) log[result.outcome === "failed" ? "error" : "info"](hand, { ...result });
    await deps.bucket.writeLines(runKeys(runId).results(hand, offset), results);
    const next = offset + results.length;
    return { runId, offset: next, more: next < actions.length, ...tally(results) };
  };
}

/** A result that says: not now, or not at all. */
function about({ region, policy, resource, point }: Action, outcome: "later" | "planned" = "later"): Result {
  return { outcome, region, policy, resource, point, artifacts: [] };
}

const onlyPlan = async (actions: readonly Action[]): Promise<BatchOutcome> => ({
  results: actions.map((action) => about(action, "planned")),
});

async function readActions<H extends Hand>(bucket: Bucket, runId: string, hand: H): Promise<ActionOf<H>[]> {
  const key = runKeys(runId).actions(hand);
  const lines = await bucket.readLines(key);
  if (lines === undefined) throw new InvalidInput(`the run ${runId} has no ${key}`);
  return lines.map((line) => {
    if (!isAction(line, hand)) throw new InvalidInput(`${key} holds something that is not a "${hand}" action`);
    return line;
  });
}

/** The lists are written by Plan of the same deployment, from the same types; only the kind is checked. */
function isAction<H extends Hand>(line: unknown, hand: H): line is ActionOf<H> {
  return typeof line === "object" && line !== null && "do" in line && line.do === hand;
}
