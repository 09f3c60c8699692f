import pMap from "p-map";
import type { Action } from "../../core/model/model.js";
import { kindOf, Throttled } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Found, Lookup } from "../lib/lookup.js";
import { type Claim, type Claims, type Settled, SURVEY_MS } from "../store/claims.js";
import { type Outcome, type Result, resultOf } from "./result.js";
import { beganAt } from "./run.js";

/** Calls at a time; the SDK's token bucket slows them down when AWS throttles. */
const CONCURRENCY = 5;

export interface IdempotentDeps {
  readonly claims: Claims;
  readonly lookup: Lookup;
  readonly region: string;
  readonly now: () => number;
}

export interface Idempotent<A> {
  /** The run; its survey saw none of what the actions are to make. */
  readonly holder: string;
  /** The tag whose value says that the thing is already there. */
  readonly tag: string;
  readonly identity: (action: A) => string;
  /** Makes it; answers with the new snapshots. */
  readonly make: (action: A) => Promise<readonly string[]>;
  readonly log: Log;
}

/**
 * Same input, same point: claims each action, looks all of them up in one call, and makes only what is claimed and not there.
 * One action's error stays its own.
 *
 * The survey that the plan was made of has just listed the same snapshots, under the lease, and is the look-up while it is
 * young and all claims are won: a call of anybody else is then longer ago than its claim lasts, so that the survey saw what
 * it made. Otherwise, after a call whose end is not known for one, AWS is asked again.
 */
export async function createIdempotently<A extends Action>(
  deps: IdempotentDeps,
  actions: readonly A[],
  how: Idempotent<A>,
): Promise<readonly Result[]> {
  const work = await claimed(deps, actions, how);
  const isSeen = deps.now() - beganAt(how.holder) <= SURVEY_MS && work.every(({ taken }) => taken.won);
  const found = isSeen ? NOTHING : await lookUp(deps, work, how.tag);
  const made = await pMap(work, (one) => makeOne(deps, one, found, how.make), { concurrency: CONCURRENCY });
  await settle(deps, made, how.log);
  return made.map(({ result }) => result);
}

/** All in one write, as it is nearly always; each alone where that was refused, so that what is free is not held up. */
async function claimed<A>(
  deps: IdempotentDeps,
  actions: readonly A[],
  how: Idempotent<A>,
): Promise<readonly Work<A>[]> {
  const work = actions.map((action) => {
    return { action, claim: { what: how.identity(action), region: deps.region, holder: how.holder } };
  });
  if (await takeAll(deps, work)) return work.map((one) => ({ ...one, taken: { won: true } }));
  return pMap(work, async (one) => ({ ...one, taken: await take(deps, one.claim) }), { concurrency: CONCURRENCY });
}

async function takeAll({ claims, now }: IdempotentDeps, work: readonly { readonly claim: Claim }[]): Promise<boolean> {
  if (work.length < 2) return false;
  try {
    return await claims.takeAll(
      work.map(({ claim }) => claim),
      now(),
    );
  } catch {
    // Each alone then meets the same, or its own.
    return false;
  }
}

/** What was made is made, whatever becomes of the note. */
async function settle({ claims }: IdempotentDeps, made: readonly Made[], log: Log): Promise<void> {
  try {
    await claims.settle(made.flatMap(({ settled }) => settled ?? []));
  } catch (error) {
    log.warn("what was made is not noted in its claim", { error });
  }
}

const NOTHING: Found = { alive: new Map(), failed: new Map() };

interface Taken {
  readonly won: boolean;
  /** Why nobody knows who has the claim. */
  readonly error?: unknown;
}

interface Work<A> {
  readonly action: A;
  readonly claim: Claim;
  readonly taken: Taken;
}

interface Made {
  readonly result: Result;
  /** Of a call that made something. */
  readonly settled?: Settled;
}

async function take({ claims, now }: IdempotentDeps, claim: Claim, failed?: readonly string[]): Promise<Taken> {
  try {
    return { won: await claims.take(claim, now(), failed) };
  } catch (error) {
    return { won: false, error };
  }
}

async function lookUp<A>({ lookup, claims }: IdempotentDeps, work: readonly Work<A>[], tag: string): Promise<Found> {
  try {
    return await lookup(
      tag,
      work.map(({ claim }) => claim.what),
    );
  } catch (error) {
    // Nothing was called yet, so the claims are given back for the retry.
    const won = work.filter(({ taken }) => taken.won);
    await pMap(won, ({ claim }) => claims.drop(claim), { concurrency: CONCURRENCY });
    if (kindOf(error) === "throttle") throw new Throttled("the look-up was throttled", { cause: error });
    throw error;
  }
}

async function makeOne<A extends Action>(
  deps: IdempotentDeps,
  { action, claim, taken: first }: Work<A>,
  found: Found,
  make: Idempotent<A>["make"],
): Promise<Made> {
  const there = found.alive.get(claim.what);
  if (there) return { result: resultOf(action, "adopted", there) };
  const { won, error } = first.won ? first : await take(deps, claim, found.failed.get(claim.what));
  if (error !== undefined) return { result: resultOf(action, outcomeOf(error), [], error) };
  if (!won) return { result: resultOf(action, "later", [], "claimed by a call whose end is not known yet") };
  try {
    const made = await make(action);
    const result = resultOf(action, "done", made);
    const [snapshot] = made;
    return snapshot === undefined ? { result } : { result, settled: { claim, snapshot } };
  } catch (error) {
    if (kindOf(error) !== "ambiguous") await deps.claims.drop(claim);
    return { result: resultOf(action, outcomeOf(error), [], error) };
  }
}

const outcomeOf = (error: unknown): Outcome => (["throttle", "limit"].includes(kindOf(error)) ? "later" : "failed");
