import type { Action } from "../../core/model.js";
import { type Claim, type Claims, SURVEY_MS } from "./claims.js";
import { kindOf, Throttled } from "./errors.js";
import { limited } from "./limited.js";
import type { Found, Lookup } from "./lookup.js";
import { type Outcome, type Result, resultOf } from "./result.js";
import { beganAt } from "./run.js";

/** Calls at a time; the SDK's token bucket slows them down when AWS throttles. */
const CONCURRENCY = 5;

export interface OnceDeps {
  readonly claims: Claims;
  readonly lookup: Lookup;
  readonly region: string;
  readonly now: () => number;
}

export interface Once<A> {
  /** The run; its survey saw none of what the actions are to make. */
  readonly holder: string;
  /** The tag whose value says that the thing is already there. */
  readonly tag: string;
  readonly identity: (action: A) => string;
  /** Makes it; answers with the new snapshots. */
  readonly make: (action: A) => Promise<readonly string[]>;
}

/**
 * Same input, same point: claims each action, looks all of them up in one call, and makes only what is claimed and not there.
 * One action's error stays its own.
 *
 * The survey that the plan was made of has just listed the same snapshots, under the lease, and is the look-up while it is
 * young and all claims are won: a call of anybody else is then longer ago than its claim lasts, so that the survey saw what
 * it made. Otherwise, after a call whose end is not known for one, AWS is asked again.
 */
export async function makeOnce<A extends Action>(
  deps: OnceDeps,
  actions: readonly A[],
  how: Once<A>,
): Promise<readonly Result[]> {
  const work = await limited(actions, CONCURRENCY, async (action): Promise<Work<A>> => {
    const claim = { what: how.identity(action), region: deps.region, holder: how.holder };
    return { action, claim, taken: await take(deps, claim) };
  });
  const isSeen = deps.now() - beganAt(how.holder) <= SURVEY_MS && work.every(({ taken }) => taken.won);
  const found = isSeen ? NOTHING : await lookUp(deps, work, how.tag);
  return limited(work, CONCURRENCY, (one) => makeOne(deps, one, found, how.make));
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

async function take({ claims, now }: OnceDeps, claim: Claim, failed?: readonly string[]): Promise<Taken> {
  try {
    return { won: await claims.take(claim, now(), failed) };
  } catch (error) {
    return { won: false, error };
  }
}

async function lookUp<A>({ lookup, claims }: OnceDeps, work: readonly Work<A>[], tag: string): Promise<Found> {
  try {
    return await lookup(
      tag,
      work.map(({ claim }) => claim.what),
    );
  } catch (error) {
    // Nothing was called yet, so the claims are given back for the retry.
    const won = work.filter(({ taken }) => taken.won);
    await limited(won, CONCURRENCY, ({ claim }) => claims.drop(claim));
    if (kindOf(error) === "throttle") throw new Throttled("the look-up was throttled", { cause: error });
    throw error;
  }
}

async function makeOne<A extends Action>(
  deps: OnceDeps,
  { action, claim, taken: first }: Work<A>,
  found: Found,
  make: Once<A>["make"],
): Promise<Result> {
  const there = found.alive.get(claim.what);
  if (there) return resultOf(action, "adopted", there);
  const { won, error } = first.won ? first : await take(deps, claim, found.failed.get(claim.what));
  if (error !== undefined) return resultOf(action, outcomeOf(error), [], error);
  if (!won) return resultOf(action, "later", [], "claimed by a call whose end is not known yet");
  const { claims } = deps;
  try {
    const made = await make(action);
    if (made[0] !== undefined) await claims.settle(claim, made[0]);
    return resultOf(action, "done", made);
  } catch (error) {
    if (kindOf(error) !== "ambiguous") await claims.drop(claim);
    return resultOf(action, outcomeOf(error), [], error);
  }
}

const outcomeOf = (error: unknown): Outcome => (["throttle", "limit"].includes(kindOf(error)) ? "later" : "failed");
