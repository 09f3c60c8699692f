import { parseExpression, type Recurrence } from "./expression.js";
import type { Schedule } from "./model.js";
import type { Store } from "./store.js";

/** The clock may jump, as when a computer sleeps; looking again now and then finds that. */
const LONGEST_SLEEP_MS = 10_000;
const SHORTEST_SPAN_MS = 60_000;

/** Expressions already read, which takes far longer than to find a time. */
const read = new Map<string, Recurrence>();
const MOST_READ = 1000;

function recurrenceOf({ ScheduleExpression, ScheduleExpressionTimezone }: Schedule): Recurrence {
  const key = `${ScheduleExpression} ${ScheduleExpressionTimezone}`;
  const known = read.get(key) ?? parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (read.size >= MOST_READ) read.clear();
  read.set(key, known);
  return known;
}

/** When the schedule is due next, after a time. */
export function dueAfter(schedule: Schedule, after: number): number | undefined {
  const recurrence = recurrenceOf(schedule);
  // One-time schedules have no start and end (CreateSchedule API reference).
  if (recurrence.kind === "at") return recurrence.next(after, 0);
  // Without a StartDate a rate begins at once (user guide, "Rate-based schedules").
  const start = schedule.StartDate ?? schedule.changedAt;
  const due = recurrence.next(Math.max(after, start - 1), start);
  return due === undefined || (schedule.EndDate !== undefined && due > schedule.EndDate) ? undefined : due;
}

/** The newest time a schedule was due, from `due` (when it was) to `now`; and when it is due after that. */
export function newestDue(schedule: Schedule, due: number, now: number): { newest: number; next: number | undefined } {
  let newest = due;
  // Backwards from the end, in ever wider steps: a year of minutes is not counted one by one.
  for (let span = SHORTEST_SPAN_MS; now - span > due; span *= 2) {
    const found = dueAfter(schedule, now - span);
    if (found === undefined || found > now) continue;
    newest = found;
    break;
  }
  let next = dueAfter(schedule, newest);
  for (; next !== undefined && next <= now; next = dueAfter(schedule, newest)) newest = next;
  return { newest, next };
}

/** One time that a schedule was fired for. */
export interface Fired {
  readonly schedule: Schedule;
  readonly due: number;
  /** Ends when the target has taken it, or refused it for now. */
  readonly taken: Promise<void>;
}

/** Fires schedules when they are due: one loop, which sleeps until the next of them. */
export class Timer {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #fire: (schedule: Schedule, due: number) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(store: Store, now: () => number, fire: (schedule: Schedule, due: number) => Promise<void>) {
    this.#store = store;
    this.#now = now;
    this.#fire = fire;
  }

  /** When the next schedule is due, of those that are enabled. */
  nextDue(): number | undefined {
    const dues = this.#store
      .schedules()
      .flatMap(({ State, due }) => (State === "ENABLED" && due !== undefined ? [due] : []));
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** How many times come due until then, counted up to `most`. */
  countUntil(time: number, most: number): number {
    let count = 0;
    for (const schedule of this.#store.schedules()) {
      if (schedule.State !== "ENABLED") continue;
      for (let { due } = schedule; due !== undefined && due <= time && count < most; due = dueAfter(schedule, due))
        count++;
    }
    return count;
  }

  /** Fires what is due and sleeps until the next. To be called after each change of a schedule or of the clock. */
  run(): Fired[] {
    clearTimeout(this.#timer);
    if (this.#closed) return [];
    const now = this.#now();
    const fired = this.#store
      .schedules()
      .flatMap((schedule) =>
        schedule.due !== undefined && schedule.due <= now ? this.#pass(schedule, schedule.due, now) : [],
      );
    const next = this.nextDue();
    const sleep = next === undefined ? LONGEST_SLEEP_MS : Math.min(Math.max(next - this.#now(), 0), LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => this.run(), sleep);
    return fired;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Of several times missed while the sandbox or the computer slept, or the clock jumped, only the newest is made up for. */
  #pass(schedule: Schedule, due: number, now: number): Fired[] {
    const { newest, next } = newestDue(schedule, due, now);
    const fired = schedule.State === "ENABLED" ? [{ schedule, due: newest, taken: this.#fire(schedule, newest) }] : [];
    if (next === undefined && schedule.ActionAfterCompletion === "DELETE") this.#store.deleteSchedule(schedule);
    else {
      const { due: _passed, ...rest } = schedule;
      this.#store.putSchedule(next === undefined ? rest : { ...rest, due: next });
    }
    return fired;
  }
}
