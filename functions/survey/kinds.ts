import { EVERY_KIND, type Tidings } from "../store/lease.js";
import type { State } from "../store/ledger.js";

interface Reasons {
  readonly tidings: Tidings;
  readonly state: State;
  readonly now: number;
}

/**
 * The kinds that a run reads, each of them whole: those that it was told of and those that are due. A person's request, a schedule,
 * or what is to be tried again is about all of them, and so is a run for which nothing else says what it is about.
 */
export function kindsToRead(all: readonly string[], { tidings, state, now }: Reasons): readonly string[] {
  const { dueAt, tryAgainAt = Number.POSITIVE_INFINITY } = state;
  if (EVERY_KIND in tidings || now >= tryAgainAt) return all;
  const some = all.filter((kind) => kind in tidings || now >= (dueAt[kind] ?? 0));
  return some.length === 0 ? all : some;
}
