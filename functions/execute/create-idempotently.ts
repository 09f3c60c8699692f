import pMap from "p-map";
import type { Answer, Backend, Context, Found, Make } from "../../kinds/backend.js";
import { causeOf, isThrottle } from "../../kinds/lib/errors.js";
import type { Log } from "../../kinds/lib/log.js";
import { Throttled } from "../lib/errors.js";
import { type Claim, type Claims, type Settled, SURVEY_MS } from "../store/claims.js";
import type { Workflows } from "../store/workflows.js";
import { answersOf } from "./answers.js";
import type { Batch } from "./executor.js";
import { type Result, resultOf, resultOfAnswer } from "./result.js";
import { beganAt } from "./run.js";

/** Calls at a time. */
const CONCURRENCY = 5;

export interface IdempotentDeps {
  readonly claims: Claims;
  readonly workflows: Pick<Workflows, "begin" | "forget">;
  /** Where it is made. */
  readonly region: string;
  readonly now: () => number;
}

interface Taken {
  readonly won: boolean;
  /** Why nobody knows who has the claim. */
  readonly error?: unknown;
}

interface Work {
  readonly action: Make;
  readonly claim: Claim;
  readonly taken: Taken;
}

/** What is to be made, or why it is not. */
type Ready = Work & { readonly result?: Result };

/** What must never be made twice: a point, or a copy of one artifact. */
const identityOf = (make: Make): string => (make.do === "create" ? make.point : make.artifact.id);

/**
 * Same input, same point: claims each action, looks all of them up in one call, and makes only what is claimed and not there.
 * One action's error stays its own.
 *
 * The survey that the plan was made of has just listed the same artifacts, under the lease, and is the look-up while it is
 * young and all claims are won: a call of anybody else is then longer ago than its claim lasts, so that the survey saw what
 * it made. Otherwise, after a call whose end is not known for one, AWS is asked again.
 */
export async function createIdempotently(
  deps: IdempotentDeps,
  backend: Backend,
  actions: readonly Make[],
  context: Context,
): Promise<Batch> {
  const work = await claimed(deps, actions, context.runId);
  const isSeen = deps.now() - beganAt(context.runId) <= SURVEY_MS && work.every(({ taken }) => taken.won);
  const found = isSeen ? [] : await lookUp(deps, backend, work, context);
  const ready = await pMap(work, (one, i) => takenOrThere(deps, one, found[i] ?? NOTHING), {
    concurrency: CONCURRENCY,
  });
  const { results, stop } = await make(
    deps,
    backend,
    ready.filter(({ result }) => result === undefined),
    context,
  );
  return {
    results: ready.flatMap(({ action, result }) => result ?? results.get(action) ?? []),
    ...(stop !== undefined && { stop }),
  };
}

const NOTHING: Found = { alive: [], failed: [] };

/** All in one write, as it is nearly always; each alone where that was refused, so that what is free is not held up. */
async function claimed(deps: IdempotentDeps, actions: readonly Make[], holder: string): Promise<readonly Work[]> {
  const work = actions.map((action) => ({ action, claim: { what: identityOf(action), region: deps.region, holder } }));
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

async function take({ claims, now }: IdempotentDeps, claim: Claim, failed?: readonly string[]): Promise<Taken> {
  try {
    return { won: await claims.take(claim, now(), failed) };
  } catch (error) {
    return { won: false, error };
  }
}

async function lookUp(
  { claims }: IdempotentDeps,
  backend: Backend,
  work: readonly Work[],
  { settings }: Context,
): Promise<readonly Found[]> {
  try {
    return await backend.find(
      work.map(({ action }) => action),
      { settings },
    );
  } catch (error) {
    // Nothing was called yet, so the claims are given back for the retry.
    const won = work.filter(({ taken }) => taken.won);
    await pMap(won, ({ claim }) => claims.drop(claim), { concurrency: CONCURRENCY });
    if (isThrottle(error)) throw new Throttled("the look-up was throttled", { cause: error });
    throw error;
  }
}

/** Takes a claim that only what failed stands in the way of. */
async function takenOrThere(deps: IdempotentDeps, work: Work, { alive, failed }: Found): Promise<Ready> {
  const { action, claim, taken: first } = work;
  if (alive.length > 0) return { ...work, result: resultOf(action, "adopted", alive) };
  const { won, error } = first.won ? first : await take(deps, claim, failed);
  if (error !== undefined) {
    const is = isThrottle(error) ? "later" : "failed";
    return { ...work, result: resultOfAnswer(action, { is, why: causeOf(error) }) };
  }
  if (won) return work;
  const cause = "claimed by a call whose end is not known yet";
  return { ...work, result: { ...resultOf(action, "later"), cause } };
}

async function make({ claims, workflows }: IdempotentDeps, backend: Backend, work: readonly Work[], context: Context) {
  const begun = new Map<Make, string>();
  const begin: Context["begin"] = async (one, workflow) => {
    const name = await workflows.begin(one, workflow);
    begun.set(one, name);
    return name;
  };
  const answers = await answersOf(
    backend,
    work.map(({ action }) => action),
    { ...context, begin },
  );
  const answered = work.flatMap((one, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [{ ...one, answer }];
  });
  const settled: Settled[] = [];
  await pMap(
    answered,
    async ({ action, claim, answer }) => {
      const [artifact] = answer.is === "done" ? answer.artifacts : [];
      if (artifact !== undefined) settled.push({ claim, artifact });
      if (answer.is === "started") await claims.hold(claim, answer.until);
      if (answer.is === "done" || answer.is === "started" || isUnsure(answer)) return;
      // Of what was surely not made the claim is given back.
      const name = begun.get(action);
      if (name !== undefined) await workflows.forget(name);
      await claims.drop(claim);
    },
    { concurrency: CONCURRENCY },
  );
  await settle(claims, settled, context.log);
  return {
    results: new Map(answered.map(({ action, answer }) => [action, resultOfAnswer(action, answer)])),
    stop: answers.flatMap((answer) => (answer.is === "later" ? (answer.stop ?? []) : []))[0],
  };
}

const isUnsure = (answer: Answer): boolean => answer.is === "failed" && answer.unsure === true;

/** What was made is made, whatever becomes of the note. */
async function settle(claims: Claims, settled: readonly Settled[], log: Log): Promise<void> {
  try {
    await claims.settle(settled);
  } catch (error) {
    log.warn("what was made is not noted in its claim", { error });
  }
}
